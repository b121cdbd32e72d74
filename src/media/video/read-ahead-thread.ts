import { parentPort } from 'node:worker_threads';
import type { WireError } from '../child/messages.ts';
import { toWire } from '../child/wire-error.ts';
import { copyOf, memoryOf } from './picture.ts';
import { type DecodedFrame, type FileToRead, FrameReader, type ReadCounts } from './read-frames.ts';

/** What `ReadAhead` asks of this thread, each walk under its number, from 1 on… */
export type Order =
  | { walk: number; file: FileToRead; times_s: readonly number[] }
  /** One more frame of this walk may be sent. */
  | { more: number }
  | 'stop';

/** …and what it hears: frames, each as soon as it may be sent, then the end. */
export type Message = { walk: number } & (
  | { alive: true }
  | { frame: DecodedFrame }
  | { end: ReadCounts }
  | { error: WireError }
);

const ALIVE_MS = 500;

/** The walk asked for last; 0: none. Another one that is still at work ends at its next frame. */
let current = 0;
let allowed = 0;
let heard = Promise.withResolvers<void>();
let running = Promise.resolve();

parentPort?.on('message', (order: Order) => {
  if (order === 'stop') current = 0;
  else if ('walk' in order) {
    current = order.walk;
    allowed = 0;
    running = running.then(() => read(order.walk, order.file, order.times_s));
  } else if (order.more === current) allowed++;
  heard.resolve();
});

async function read(walk: number, file: FileToRead, times_s: readonly number[]): Promise<void> {
  const send = (message: object, memory: ArrayBuffer[] = []) =>
    parentPort?.postMessage({ walk, ...message }, memory);
  let told = performance.now();
  const onAlive = () => {
    if (performance.now() - told < ALIVE_MS) return;
    told = performance.now();
    send({ alive: true });
  };
  try {
    await using reader = await FrameReader.open(file, onAlive);
    for await (const { time_s, picture } of reader.samples(times_s)) {
      const own = copyOf(picture);
      if (!(await maySend(walk))) return;
      send({ frame: { time_s, picture: own } }, memoryOf(own));
    }
    send({ end: reader.counts });
  } catch (error) {
    send({ error: toWire(error) });
  }
}

/** Waits until a frame may be sent; false when nobody waits for this walk any more. */
async function maySend(walk: number): Promise<boolean> {
  while (walk === current && allowed === 0) {
    heard = Promise.withResolvers();
    await heard.promise;
  }
  if (walk !== current) return false;
  allowed--;
  return true;
}
