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
 * decoding a score of frames, so it stays for the next time. One walk at a time.
 */
export class ReadAhead {
  /** Of the last walk that came to its end. */
  counts: ReadCounts = { decoded_frames: 0, corrupt_frames: 0 };
  #thread: Worker | null = null;

  /** Has the thread ready before it is needed. */
  start(): Worker {
    const own = extname(fileURLToPath(import.meta.url));
    this.#thread ??= new Worker(new URL(`./read-ahead-thread${own}`, import.meta.url)).once('exit', () => {
      this.#thread = null;
    });
    this.#thread.unref();
    return this.#thread;
  }

  /**
   * The frames of `FrameReader.samples`.
   * @param onAlive called while a frame is long in coming
   * @throws what reading throws
   */
  async *samples(
    file: FileToRead,
    times_s: readonly number[],
    onAlive: () => void,
  ): AsyncGenerator<DecodedFrame> {
    const thread = this.start();
    const tell = (order: Order) => thread.postMessage(order);
    // Listening before the first order: nothing it answers is missed.
    const messages = on(thread, 'message', { close: ['exit'] });
    let ended = false;
    try {
      tell({ file: { path: file.path, fileName: file.fileName, limits: file.limits }, times_s });
      for (let n = 0; n < AHEAD; n++) tell('more');
      for await (const [message] of messages as AsyncIterable<[Message]>) {
        onAlive();
        if (message === 'alive') continue;
        ended = !('frame' in message);
        if ('error' in message) throw fromWire(message.error, file.fileName);
        if ('end' in message) {
          this.counts = message.end;
          return;
        }
        yield message.frame;
        tell('more');
      }
      throw new Error(`The thread that was reading ${file.fileName} ended.`);
    } finally {
      // Left in the middle, it would send the rest to the next who asks.
      if (!ended) await thread.terminate();
    }
  }
}
