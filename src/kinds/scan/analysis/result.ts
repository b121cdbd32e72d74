import type { LimitName } from '../unpack/unpacker.ts';
import type { Finding } from './findings.ts';
import type { FileType, StageName } from './stage.ts';

export const categories = [
  'harmless',
  'suspicious',
  'malicious',
  'undetected',
  'unsupported',
  'timeout',
  'failure',
  'incomplete',
] as const;
/** `harmless`: only notes and facts were found; `undetected`: nothing was. */
export type Category = (typeof categories)[number];

export const verdicts = ['clean', 'unknown', 'suspicious', 'malicious'] as const;
export type Verdict = (typeof verdicts)[number];

/** What one stage has said of one file. */
export interface FileStage {
  name: StageName;
  category: Category;
  score: number;
  findings: Finding[];
  elapsed_ms: number;
  version: string;
  /** Why it is `incomplete`, `timeout` or `failure`, or why it was skipped; one sentence each. */
  reasons: string[];
  facts?: Record<string, unknown>;
  /** What kept it from looking at all of the file; a result lists it among its `limits`. */
  limit?: Pick<ReachedLimit, 'name' | 'value'>;
}

/** One file of the tree. */
export interface ScannedNode {
  /** The names from the uploaded file on, with `/` between them: `mail.eml/invoice.zip/a.js`. Escaped for people. */
  path: string;
  name: string;
  type: FileType;
  media_type: string;
  size: number;
  sha256: string | null;
  /** Of the file and of all that is in it, as its score is. */
  verdict: Verdict;
  score: number;
  /** Its stages but for those that are `unsupported` or `undetected`. */
  stages: Partial<Record<StageName, Category>>;
  /** What people should know of how it was read: which password opened it, why it was not descended into. */
  notes: string[];
  children: ScannedNode[];
}

export interface ReachedLimit {
  name: LimitName;
  value: number;
  path: string;
}

/** A stage over the whole tree: the worst category, the highest score, all findings, and reasons with the file's path before them. */
export type StageRow = Omit<FileStage, 'limit'>;

/** `result` of a job of this kind. */
export interface ScanResult {
  verdict: Verdict;
  score: number;
  stages: StageRow[];
  tree: ScannedNode;
  limits: ReachedLimit[];
}
