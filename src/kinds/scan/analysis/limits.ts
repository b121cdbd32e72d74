import type { LimitName } from '../unpack/unpacker.ts';

/** What a scan may cost; how deep, how much, how long. */
export interface ScanLimits {
  /** Containers within containers; the uploaded file is at 0. */
  depth: number;
  /** Files in the whole tree but for the uploaded one. */
  children: number;
  /** What all containers together may give, bytes. */
  expanded_bytes: number;
  /** Bytes that a container may give for each of its own, beyond {@link freeOfRatio}. */
  ratio: number;
  /** One stage on one file. */
  stage_seconds: number;
  /** The whole scan by the clock: afterwards no further file is looked at, and no further container opened. */
  scan_seconds: number;
  /** What a stage that needs all bytes of a file at once reads. */
  file_bytes: number;
}

const MiB = 1024 ** 2;

/** Text and zeros compress well: what is smaller than this is no bomb, whatever its ratio. */
export const freeOfRatio = 16 * MiB;

export const usualLimits: ScanLimits = {
  depth: 15,
  children: 500,
  expanded_bytes: 1024 * MiB,
  ratio: 200,
  stage_seconds: 60,
  scan_seconds: 1800,
  file_bytes: 64 * MiB,
};

/** What is left of the limits when the next container is opened. */
export interface Budget {
  children: number;
  expanded_bytes: number;
  ratio: number;
}

/**
 * Counts what comes out of one container.
 * @param refuse is called with the limit that was reached and must throw
 */
export class Meter {
  readonly #budget: Budget;
  readonly #containerBytes: number;
  readonly #refuse: (limit: LimitName) => never;
  children = 0;
  bytes = 0;

  constructor(budget: Budget, containerBytes: number, refuse: (limit: LimitName) => never) {
    this.#budget = budget;
    this.#containerBytes = containerBytes;
    this.#refuse = refuse;
  }

  child(): void {
    if (this.children >= this.#budget.children) this.#refuse('children');
    this.children++;
  }

  written(bytes: number): void {
    const { expanded_bytes, ratio } = this.#budget;
    if (this.bytes + bytes > expanded_bytes) this.#refuse('expanded_bytes');
    const allowed = Math.max(freeOfRatio, ratio * this.#containerBytes);
    if (this.bytes + bytes > allowed) this.#refuse('ratio');
    this.bytes += bytes;
  }
}
