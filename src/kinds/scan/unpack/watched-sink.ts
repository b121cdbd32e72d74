import { type ChildDetails, type ChildSink, type ChildWriter, LimitReached } from './unpacker.ts';

/** Knows whether a limit was reached, whoever caught the error: nothing more need be decompressed then. */
export class WatchedSink implements ChildSink {
  reached = false;
  readonly #sink: ChildSink;

  constructor(sink: ChildSink) {
    this.#sink = sink;
  }

  open(name: string, more?: ChildDetails): ChildWriter {
    const writer = this.#watch(() => this.#sink.open(name, more));
    return {
      write: (bytes) => this.#watch(() => writer.write(bytes)),
      end: () => writer.end(),
    };
  }

  #watch<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.reached ||= error instanceof LimitReached;
      throw error;
    }
  }
}
