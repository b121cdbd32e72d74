import type { StageFinding } from '../analysis/findings.ts';
import type { ScannedFile } from '../analysis/stage.ts';

/** Takes the files that come out of a container, and counts every byte as it is written. */
export interface ChildSink {
  /**
   * Begins the next child.
   * @param name as the container has it, whatever is in it; nothing is ever written to a path of that name
   * @throws LimitReached at the limit of children
   */
  open(name: string, more?: ChildDetails): ChildWriter;
}

export interface ChildDetails {
  /** What the container says its type is, e.g. a mail's `Content-Type`. */
  declaredType?: string;
  /** Where in the container it begins, where that can be said. */
  offset?: number;
  /** How it came out, where that matters to people: `base64 in a script`, `after the end of the picture`. */
  note?: string;
}

export interface ChildWriter {
  /** @throws LimitReached at the limit of expanded bytes, or of the ratio */
  write(bytes: Uint8Array): void;
  /** Without it the child counts as cut off, and is kept with that note. */
  end(): void;
}

/** Which limit of the scan was reached; the sink throws it, and unpackers let it pass. */
export class LimitReached extends Error {
  readonly limit: LimitName;
  readonly value: number;
  constructor(limit: LimitName, value: number) {
    super(`The limit ${limit} of ${value} was reached.`);
    this.limit = limit;
    this.value = value;
  }
}

/** `expanded_bytes` counts what all containers of a scan give, `ratio` what one gives beyond 16 MiB per byte of its own. */
export type LimitName =
  | 'depth'
  | 'children'
  | 'expanded_bytes'
  | 'ratio'
  | 'file_bytes'
  | 'stage_seconds'
  | 'scan_seconds';

/** What an unpacker says when it is through, or when it could not go on. What it gave to the sink by then counts. */
export interface UnpackReport {
  findings: StageFinding[];
  /** Encrypted, damaged, cut off, …: one sentence each. */
  incomplete: string[];
  facts?: Record<string, unknown>;
  /** The password that opened it, of those that were tried. */
  password?: string;
}

export interface Unpacker {
  /** `archive`, `mail`, … for messages and tests. */
  name: string;
  version: string;
  opens(file: Pick<ScannedFile, 'type' | 'name'>): boolean;
  /**
   * @param passwords to be tried where it is encrypted; none unless the operator gave some
   * @throws LimitReached from the sink, unless it has something to report, too: the sink remembers which limit it was.
   *   Anything else makes the stage a `failure`
   */
  unpack(
    file: ScannedFile,
    sink: ChildSink,
    passwords: readonly string[],
  ): UnpackReport | Promise<UnpackReport>;
}
