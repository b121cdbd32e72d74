import { asStorable } from '../../../domain/storable-text.ts';
import type { LimitName } from '../unpack/unpacker.ts';
import { stageScore, toFinding } from './findings.ts';
import type { Budget, ScanLimits } from './limits.ts';
import { listFindings } from './list-findings.ts';
import type { FileStage, ReachedLimit, ScannedNode, ScanResult, StageRow } from './result.ts';
import { shortName, shortReason } from './short-text.ts';
import { type FileType, type StageName, stageNames } from './stage.ts';
import { emptyRow } from './stage-row.ts';
import { verdictOf, worstCategory, worstVerdict } from './verdict.ts';

const REASON_PATH_BYTES = 512;

/** A file that is to be looked at: the uploaded one, or one that came out of a container. */
export interface FileToScan {
  /** Where whoever looks at it finds its bytes; the tree only hands it on. */
  key: string;
  name: string;
  path: string;
  size: number;
  declaredType?: string | undefined;
  /** How it came out of its container. */
  note?: string | undefined;
}

/** What a look at one file, without what is in it, gives. */
export interface FileLook {
  type: FileType;
  mediaType: string;
  sha256: string | null;
  /** One row for every stage but `unpack`. */
  stages: FileStage[];
  /** Whether a container of this type is opened. */
  opens: boolean;
}

export interface Unpacked {
  stage: FileStage;
  children: FileToScan[];
  /** Bytes that came out. */
  expanded: number;
  limits: { name: LimitName; value: number }[];
  notes: string[];
}

/** What an operator's list says of a file. */
export type Listed = 'safe' | 'blocked' | undefined;

/** Who does the work; each call is bounded in time and memory, and answers whatever becomes of the process that does it. */
export interface ScanHands {
  look(file: FileToScan): Promise<FileLook>;
  unpack(file: FileToScan, type: FileType, budget: Budget): Promise<Unpacked>;
  listed(sha256: string | null): Listed;
  /** Whether the scan has had its time: nothing more is begun. */
  isOver(): boolean;
}

/** No stage could look at the uploaded file: there is nothing a verdict could rest on. */
export class NothingLookedAt extends Error {
  readonly stage: StageName;
  constructor(stage: StageName, reason: string) {
    super(reason);
    this.stage = stage;
  }
}

/**
 * Looks at a file and at everything in it, breadth first: what lies near the surface is seen before a limit is reached.
 * @param atOnce files that are looked at side by side; containers are opened one after the other, so that what is left of
 *   the limits is known when the next is opened
 * @throws NothingLookedAt
 */
export async function scanTree(
  root: FileToScan,
  hands: ScanHands,
  limits: ScanLimits,
  atOnce: number,
): Promise<ScanResult> {
  const scan = new TreeScan(hands, limits, atOnce);
  return scan.run(root);
}

interface Scanned {
  node: ScannedNode;
  stages: FileStage[];
}

class TreeScan {
  readonly #hands: ScanHands;
  readonly #limits: ScanLimits;
  readonly #atOnce: number;
  readonly #scanned: Scanned[] = [];
  readonly #reached: ReachedLimit[] = [];
  #children = 0;
  #expanded = 0;

  constructor(hands: ScanHands, limits: ScanLimits, atOnce: number) {
    this.#hands = hands;
    this.#limits = limits;
    this.#atOnce = atOnce;
  }

  async run(root: FileToScan): Promise<ScanResult> {
    let level = [{ file: root, into: undefined as ScannedNode | undefined }];
    for (let depth = 0; level.length > 0; depth++) {
      const looks = await inOrder(level, this.#atOnce, async ({ file }) =>
        this.#hands.isOver() ? notLookedAt(this.#limits.scan_seconds) : this.#hands.look(file),
      );
      if (depth === 0) assertLookedAt(looks[0] as FileLook);
      const next: typeof level = [];
      for (const [n, { file, into }] of level.entries()) {
        const look = looks[n] as FileLook;
        const { node, children } = await this.#judge(file, look, depth);
        into?.children.push(node);
        for (const child of children) next.push({ file: child, into: node });
      }
      level = next;
    }
    return this.#result();
  }

  async #judge(file: FileToScan, look: FileLook, depth: number) {
    const { type, mediaType, sha256 } = look;
    const stages = [...look.stages];
    for (const { limit } of stages) if (limit) this.#reach(limit, file.path);
    const notes = file.note ? [file.note] : [];
    let children: FileToScan[] = [];
    const listed = this.#hands.listed(sha256);
    if (listed === 'safe') {
      notes.push(
        "It is on the operator's safelist: what is in it was not looked at, and nothing in it counts.",
      );
      stages.splice(
        0,
        stages.length,
        ...[...look.stages, emptyRow('unpack', 'unsupported')].map(withoutFindings),
      );
    } else {
      if (listed === 'blocked') blockIn(stages, file.path);
      const unpacked = await this.#unpacked(file, look, depth);
      stages.push(unpacked.stage);
      notes.push(...unpacked.notes);
      children = unpacked.children;
    }
    for (const [n, stage] of stages.entries())
      stages[n] = { ...stage, reasons: stage.reasons.map(shortReason) };
    stages.sort((one, other) => stageNames.indexOf(one.name) - stageNames.indexOf(other.name));
    const node: ScannedNode = {
      path: file.path,
      name: shortName(file.name),
      type,
      media_type: mediaType,
      size: file.size,
      sha256,
      verdict: verdictOf(type, stages),
      score: Math.max(0, ...stages.map(({ score }) => score)),
      stages: Object.fromEntries(
        stages
          .filter(({ category }) => category !== 'unsupported' && category !== 'undetected')
          .map(({ name, category }) => [name, category]),
      ),
      notes: notes.map(shortReason),
      children: [],
    };
    this.#scanned.push({ node, stages });
    return { node, children };
  }

  async #unpacked(file: FileToScan, { type, opens }: FileLook, depth: number): Promise<Unpacked> {
    const nothing = { children: [], expanded: 0, limits: [], notes: [] };
    if (!opens) return { ...nothing, stage: emptyRow('unpack', 'unsupported') };
    const { children, expanded_bytes, ratio } = this.#limits;
    if (depth >= this.#limits.depth) {
      this.#reach({ name: 'depth', value: this.#limits.depth }, file.path);
      const reason = `It lies ${depth} containers deep and was not opened; the limit is ${this.#limits.depth}.`;
      return { ...nothing, stage: { ...emptyRow('unpack', 'incomplete'), reasons: [reason] } };
    }
    if (this.#hands.isOver()) {
      const stage = notBegun('unpack', this.#limits.scan_seconds);
      this.#reach(stage.limit, file.path);
      return { ...nothing, stage };
    }
    const unpacked = await this.#hands.unpack(file, type, {
      children: children - this.#children,
      expanded_bytes: expanded_bytes - this.#expanded,
      ratio,
    });
    this.#children += unpacked.children.length;
    this.#expanded += unpacked.expanded;
    for (const { name } of unpacked.limits) this.#reach({ name, value: this.#limits[name] }, file.path);
    return unpacked;
  }

  /** Once for each file, and the end of the whole scan once: at the first file that it kept from being looked at. */
  #reach({ name, value }: Pick<ReachedLimit, 'name' | 'value'>, path: string): void {
    const isKnown = this.#reached.some(
      (one) => one.name === name && (name === 'scan_seconds' || one.path === path),
    );
    if (!isKnown) this.#reached.push({ name, value, path });
  }

  #result(): ScanResult {
    const nodes = this.#scanned.map(({ node }) => node);
    // Children come after what they are in: from the last to the first, each has heard of all that is in it.
    for (const node of nodes.toReversed()) {
      node.verdict = worstVerdict([node, ...node.children].map(({ verdict }) => verdict));
      node.score = Math.max(...[node, ...node.children].map(({ score }) => score));
    }
    const [tree] = nodes as [ScannedNode];
    return asStorable({
      verdict: tree.verdict,
      score: tree.score,
      stages: stageNames.map((name) =>
        over(
          this.#scanned.flatMap(({ node, stages }) =>
            stages.filter((stage) => stage.name === name).map((row) => ({ path: node.path, row })),
          ),
        ),
      ),
      tree,
      limits: this.#reached,
    });
  }
}

/** One row of a stage over all files. */
function over(looks: readonly LookOfStage[]): StageRow {
  const rows = looks.map(({ row }) => row);
  const [first] = rows as [FileStage];
  const { facts: _ofOneFile, limit: _amongLimits, ...row } = first;
  return {
    ...row,
    category: worstCategory(rows.map(({ category }) => category)),
    score: Math.max(...rows.map(({ score }) => score)),
    findings: rows.flatMap(({ findings }) => findings),
    elapsed_ms: rows.reduce((sum, { elapsed_ms }) => sum + elapsed_ms, 0),
    reasons: reasonsOver(looks),
    ...(rows.some(({ facts }) => facts) && { facts: first.facts ?? {} }),
  };
}

interface LookOfStage {
  path: string;
  row: FileStage;
}

/** Each reason once: as it is where it holds of the file itself, or with the place of the first file that it holds of. */
function reasonsOver(looks: readonly LookOfStage[]): string[] {
  const places = new Map<string, string[]>();
  for (const { path, row } of looks)
    for (const reason of row.reasons) places.set(reason, [...(places.get(reason) ?? []), path]);
  return [...places].map(([reason, [first, ...others]]) => {
    if (first === looks[0]?.path) return reason;
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    return `${shortName(first as string, REASON_PATH_BYTES)}${more}: ${reason}`;
  });
}

function assertLookedAt({ stages }: FileLook): void {
  const looked = stages.filter(({ category }) => category !== 'unsupported');
  const lost = looked.filter(({ category }) => category === 'failure' || category === 'timeout');
  const [first] = lost;
  if (first && lost.length === looked.length)
    throw new NothingLookedAt(first.name, asStorable(first.reasons.join(' ')));
}

function blockIn(stages: FileStage[], path: string): void {
  const hashes = stages.find(({ name }) => name === 'hashes');
  if (!hashes) return;
  hashes.findings = [...hashes.findings, toFinding({ id: 'list.blocked', evidence: '' }, path, listFindings)];
  hashes.score = stageScore(hashes.findings);
  hashes.category = 'malicious';
}

function withoutFindings(stage: FileStage): FileStage {
  return { ...stage, category: 'harmless', score: 0, findings: [], reasons: [] };
}

/** Of a file whose turn came too late. */
function notLookedAt(seconds: number): FileLook {
  return {
    ...{ type: 'data', mediaType: 'application/octet-stream', sha256: null, opens: false },
    stages: stageNames.filter((name) => name !== 'unpack').map((name) => notBegun(name, seconds)),
  };
}

export function notBegun(name: StageName, seconds: number) {
  return {
    ...emptyRow(name, 'incomplete'),
    reasons: [`The scan had taken its ${seconds} s before this file's turn came.`],
    limit: { name: 'scan_seconds' as const, value: seconds },
  };
}

/** Like `Promise.all` over `work`, with so many under way at once. */
async function inOrder<In, Out>(
  items: readonly In[],
  atOnce: number,
  work: (item: In) => Promise<Out>,
): Promise<Out[]> {
  const results = new Array<Out>(items.length);
  let next = 0;
  const worker = async () => {
    for (let n = next++; n < items.length; n = next++) results[n] = await work(items[n] as In);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
