import { on } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { fromWire } from '../child/wire-error.ts';
import type { Message, Order } from './read-ahead-thread.ts';
import type { DecodedFrame, FileToRead, ReadCounts } from './read-frames.ts';

/** Frames that wait decoded while one is looked at: a look takes from five to seventy milliseconds, a frame about ten. */
const AHEAD = 3;

/**
 * Decodes samples in a thread of its own while those before are looked at. Starting the thread takes as long as
 * decoding a score of frames, so it stays for the next time. It is never terminated: taking FFmpeg's bindings down in
 * the middle of a process aborts or hangs it, so a process that has one ends as a whole (see `serveTasks`). One walk at
 * a time.
 */
export class ReadAhead {
  /** Of the last walk that came to its end. */
  counts: ReadCounts = { decoded_frames: 0, corrupt_frames: 0 };
  #thread: Worker | null = null;
  #walks = 0;

  /** Has the thread ready before it is needed. */
  start(): Worker {
    const own = extname(fileURLToPath(import.meta.url));
    this.#thread ??= new Worker(new URL(`./read-ahead-thread${own}`, import.meta.url));
    this.#thread.unref();
    return this.#thread;
  }

  /**
   * The frames of `FrameReader.samples`.
   * @param onAlive called while a frame is long in coming
   * @throws what reading throws
   */
  async *samples(
    { path, fileName, limits }: FileToRead,
    times_s: readonly number[],
    onAlive: () => void,
  ): AsyncGenerator<DecodedFrame> {
    const thread = this.start();
    const walk = ++this.#walks;
    const tell = (order: Order) => thread.postMessage(order);
    // Listening before the first order: nothing it answers is missed.
    const messages = on(thread, 'message', { close: ['exit'] });
    try {
      tell({ walk, file: { path, fileName, limits }, times_s });
      for (let n = 0; n < AHEAD; n++) tell({ more: walk });
      for await (const [message] of messages as AsyncIterable<[Message]>) {
        // Of a walk that was left in the middle.
        if (message.walk !== walk) continue;
        onAlive();
        if ('error' in message) throw fromWire(message.error, `Reading ${fileName}`);
        if ('end' in message) {
          this.counts = message.end;
          return;
        }
        if (!('frame' in message)) continue;
        yield message.frame;
        tell({ more: walk });
      }
      throw new Error(`The thread that was reading ${fileName} ended.`);
    } finally {
      tell('stop');
    }
  }
}
