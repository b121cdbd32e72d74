import { parentPort } from 'node:worker_threads';
import type { WireError } from '../child/messages.ts';
import { toWire } from '../child/wire-error.ts';
import { copyOf, memoryOf } from './picture.ts';
import { type DecodedFrame, type FileToRead, FrameReader, type ReadCounts } from './read-frames.ts';

/** What `ReadAhead` asks of this thread… */
export type Order =
  | { file: FileToRead; times_s: readonly number[] }
  /** One more frame may be sent. */
  | 'more';

/** …and what it hears: frames, each as soon as it may be sent, then the end. */
export type Message = 'alive' | { frame: DecodedFrame } | { end: ReadCounts } | { error: WireError };

const ALIVE_MS = 500;

let allowed = 0;
let whenAllowed = Promise.withResolvers<void>();

parentPort?.on('message', (order: Order) => {
  if (order !== 'more') return void read(order.file, order.times_s);
  allowed++;
  whenAllowed.resolve();
});

async function read(file: FileToRead, times_s: readonly number[]): Promise<void> {
  let told = performance.now();
  const onAlive = () => {
    if (performance.now() - told < ALIVE_MS) return;
    told = performance.now();
    send('alive');
  };
  allowed = 0;
  try {
    await using reader = await FrameReader.open(file, onAlive);
    for await (const { time_s, picture } of reader.samples(times_s)) {
      const own = copyOf(picture);
      await leave();
      send({ frame: { time_s, picture: own } }, memoryOf(own));
    }
    send({ end: reader.counts });
  } catch (error) {
    send({ error: toWire(error) });
  }
}

/** Waits until a frame may be sent. */
async function leave(): Promise<void> {
  while (allowed === 0) {
    whenAllowed = Promise.withResolvers();
    await whenAllowed.promise;
  }
  allowed--;
}

function send(message: Message, transferred: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transferred);
}
