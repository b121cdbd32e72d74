/** What looks for patterns by rules; narrow, so that another engine can take its place. */
export interface RuleEngine {
  /** @param fileSize of the file that the bytes are a part of, for rules that were compiled for parts */
  scan(bytes: Uint8Array, fileSize?: number): RuleMatch[];
}

export interface RuleMatch {
  rule: string;
  /** The name of the source that it is from. */
  source: string;
  metadata: Readonly<Record<string, string | number | boolean>>;
  /** Its longest match, which says most; a rule may fit without any. */
  place?: { offset: number; length: number };
}

/** A source that does not compile; the others work without it. */
export interface LeftOut {
  name: string;
  /** In the compiler's words. */
  reason: string;
}
