import type { ScannedNode, ScanResult } from './result.ts';

/** What a job's row takes, with room for what is added to a result. */
const MAX_BYTES = 1024 ** 2 - 4096;

export interface CutResult extends ScanResult {
  /** Some of it is only in the artifact `scanning/result.json`. */
  truncated?: true;
}

/**
 * The result as it fits into the job's row. What is cut, in this order: the facts of stages, findings beyond the strongest
 * 200 of a stage, reasons beyond 50, and then the tree from its deepest level up.
 */
export function cutToFit(result: ScanResult, maxBytes = MAX_BYTES): CutResult {
  if (bytesOf(result) <= maxBytes) return result;
  const stages = result.stages.map(({ facts: _, findings, reasons, ...stage }) => ({
    ...stage,
    findings: [...findings].sort((one, other) => other.score - one.score).slice(0, 200),
    reasons: reasons.slice(0, 50),
  }));
  const limits = result.limits.slice(0, 100);
  let cut: CutResult = { ...result, stages, limits, truncated: true };
  for (let depth = depthOf(result.tree); bytesOf(cut) > maxBytes && depth > 0; depth--)
    cut = { ...cut, tree: above(result.tree, depth) };
  while (bytesOf(cut) > maxBytes) cut = withFewerFindings(cut);
  return cut;
}

function withFewerFindings(cut: CutResult): CutResult {
  const most = Math.max(...cut.stages.map(({ findings }) => findings.length));
  // Names and reasons alone may be long; without anything left to cut they are dropped as well.
  const keep = Math.floor(most / 2);
  return {
    ...cut,
    stages: cut.stages.map((stage) => ({
      ...stage,
      findings: stage.findings.slice(0, keep),
      reasons: keep === 0 ? [] : stage.reasons.slice(0, keep),
    })),
    ...(keep === 0 && { limits: [], tree: { ...cut.tree, children: [], notes: [] } }),
  };
}

function depthOf(node: ScannedNode): number {
  return 1 + Math.max(0, ...node.children.map(depthOf));
}

function above(node: ScannedNode, depth: number): ScannedNode {
  return { ...node, children: depth <= 1 ? [] : node.children.map((child) => above(child, depth - 1)) };
}

function bytesOf(value: object): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
