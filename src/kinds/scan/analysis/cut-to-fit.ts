import type { ScannedNode, ScanResult } from './result.ts';

/** What a job's row takes, with room for what is added to a result. */
const MAX_BYTES = 1024 ** 2 - 4096;
/** Of that, what is not the tree. */
const BESIDE_TREE = 0.6;

export interface CutResult extends ScanResult {
  /** Some of it is only in the artifact `scanning/result.json`. */
  truncated?: true;
}

/**
 * The result as it fits into the job's row. What is cut, in this order: the facts of stages, findings beyond the strongest
 * 200 of a stage, reasons beyond 50, more of both until they leave room for the tree, and then the tree from its deepest
 * level up: of the level that does not fit, as many files as do.
 */
export function cutToFit(result: ScanResult, maxBytes = MAX_BYTES): CutResult {
  if (bytesOf(result) <= maxBytes) return result;
  const stages = result.stages.map(({ facts: _, findings, reasons, ...stage }) => ({
    ...stage,
    findings: [...findings].sort((one, other) => other.score - one.score).slice(0, 200),
    reasons: reasons.slice(0, 50),
  }));
  const limits = result.limits.slice(0, 100);
  let cut: CutResult = { ...result, stages, limits, tree: alone(result.tree), truncated: true };
  for (let keep = 100; keep > 0 && bytesOf(cut) > maxBytes * BESIDE_TREE; keep = Math.floor(keep / 2))
    cut = withFewer(cut, keep);
  if (bytesOf(cut) > maxBytes) cut = { ...withFewer(cut, 0), limits: [] };
  return { ...cut, tree: asMuchAsFits(result.tree, maxBytes - bytesOf(cut)) };
}

function withFewer(cut: CutResult, keep: number): CutResult {
  return {
    ...cut,
    stages: cut.stages.map((stage) => ({
      ...stage,
      findings: stage.findings.slice(0, keep),
      reasons: stage.reasons.slice(0, keep),
    })),
  };
}

/** Level by level; below one that does not fit whole, nothing is kept. */
function asMuchAsFits(root: ScannedNode, maxBytes: number): ScannedNode {
  const tree = alone(root);
  let left = maxBytes;
  let level = [{ from: root, into: tree }];
  let isWhole = true;
  while (isWhole && level.length > 0) {
    const next: typeof level = [];
    for (const { from, into } of level) {
      for (const child of from.children) {
        const kept = alone(child);
        const bytes = bytesOf(kept) + SEPARATOR.length;
        if (bytes > left) {
          isWhole = false;
          continue;
        }
        left -= bytes;
        into.children.push(kept);
        next.push({ from: child, into: kept });
      }
    }
    level = next;
  }
  return tree;
}

function alone(node: ScannedNode): ScannedNode {
  return { ...node, children: [] };
}

/** As PostgreSQL writes `jsonb`: with a blank after each comma and each colon. */
const SEPARATOR = ', ';

function bytesOf(value: object): number {
  return new TextEncoder().encode(JSON.stringify(value)).length + blanksIn(value);
}

function blanksIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const parts = Object.values(value).filter((part) => part !== undefined);
  const colons = Array.isArray(value) ? 0 : parts.length;
  return parts.reduce((sum, part) => sum + blanksIn(part), colons + Math.max(0, parts.length - 1));
}
