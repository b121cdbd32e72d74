import { createHash } from 'node:crypto';
import type { ChildDetails, ChildSink, ChildWriter } from '../unpacker.ts';
import { LimitReached } from '../unpacker.ts';

/** Hands children on, and remembers what they were. */
export class HashingSink implements ChildSink {
  /** Of the children in their order. */
  readonly hashes: string[] = [];
  bytes = 0;
  readonly #sink: ChildSink;

  constructor(sink: ChildSink) {
    this.#sink = sink;
  }

  open(name: string, more?: ChildDetails): ChildWriter {
    const writer = this.#sink.open(name, more);
    const at = this.hashes.push('') - 1;
    const hash = createHash('sha256');
    return {
      write: (bytes) => {
        writer.write(bytes);
        this.bytes += bytes.length;
        hash.update(bytes);
      },
      end: () => {
        writer.end();
        this.hashes[at] = hash.digest('hex');
      },
    };
  }
}

/** Keeps nothing, and takes no more than so much. */
export function nowhere(children: number, bytes: number): ChildSink {
  let [childrenLeft, bytesLeft] = [children, bytes];
  return {
    open() {
      if (--childrenLeft < 0) throw new LimitReached('children', children);
      return {
        write: (piece) => {
          bytesLeft -= piece.length;
          if (bytesLeft < 0) throw new LimitReached('expanded_bytes', bytes);
        },
        end() {},
      };
    },
  };
}

/** Hands on all children but those whose numbers are told. */
export function without(skipped: (n: number) => boolean, sink: ChildSink): ChildSink {
  let count = 0;
  return {
    open: (name, more) => (skipped(count++) ? { write() {}, end() {} } : sink.open(name, more)),
  };
}
