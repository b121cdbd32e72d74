import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Budget, Meter } from '../analysis/limits.ts';
import { shortName } from '../analysis/short-text.ts';
import { type ChildDetails, type ChildSink, type ChildWriter, LimitReached } from '../unpack/unpacker.ts';

export interface ChildFile extends ChildDetails {
  /** The file in the folder: a number. */
  file: string;
  name: string;
  size: number;
  whole: boolean;
}

/** Writes what comes out of a container into files with names of ours, and counts as it writes. */
export class ChildFiles implements ChildSink {
  readonly files: ChildFile[] = [];
  /** The limit that was reached, whoever has swallowed the error. */
  reached: LimitReached | undefined;
  /** Why a file could not be written: the disk is full, say. It is no fault of the container. */
  broken: Error | undefined;
  readonly #folder: string;
  readonly #meter: Meter;
  #open: number | undefined;

  constructor(folder: string, budget: Budget, containerBytes: number) {
    this.#folder = folder;
    const limits = { ...budget } as Record<string, number>;
    this.#meter = new Meter(budget, containerBytes, (limit) => {
      this.reached ??= new LimitReached(limit, limits[limit] ?? 0);
      throw this.reached;
    });
  }

  get expanded(): number {
    return this.#meter.bytes;
  }

  open(name: string, more: ChildDetails = {}): ChildWriter {
    if (this.reached) throw this.reached;
    this.#meter.child();
    this.close();
    const file = String(this.files.length + 1);
    const child: ChildFile = { ...more, file, name: shortName(name), size: 0, whole: false };
    const descriptor = this.#onDisk(() => openSync(join(this.#folder, file), 'wx', 0o600));
    this.#open = descriptor;
    this.files.push(child);
    return {
      write: (bytes) => {
        if (this.reached) throw this.reached;
        this.#meter.written(bytes.length);
        this.#onDisk(() => {
          for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
        });
        child.size += bytes.length;
      },
      end: () => {
        child.whole = true;
        if (this.#open === descriptor) this.close();
      },
    };
  }

  #onDisk<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.broken ??= error as Error;
      throw error;
    }
  }

  /** Closes the file that is being written, if any. */
  close(): void {
    if (this.#open !== undefined) closeSync(this.#open);
    this.#open = undefined;
  }
}
