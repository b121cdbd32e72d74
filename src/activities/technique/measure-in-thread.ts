import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { FrameFile, Measured, MeasureRequest } from './measure.ts';
import type { Answer, Question } from './measure-thread.ts';

export interface MeasuredInThread extends Measured, AsyncDisposable {
  /** A file's bytes, made as they are read; one file at a time. */
  read(file: FrameFile): AsyncGenerator<Uint8Array>;
}

/**
 * In a thread of its own: seconds of computing here would hold up the heartbeats of every other activity of this process, and
 * Temporal would take them for dead. The thread holds the keypoints until the answer is disposed of.
 * @param pieces see `KeypointSource`; the next one is asked for when the one before was taken in
 */
export async function measureInThread(
  request: MeasureRequest,
  pieces: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<MeasuredInThread> {
  const thread = openThread(request, signal);
  try {
    for await (const piece of pieces) await thread.ask({ ask: 'take', piece });
    const measured = (await thread.ask({ ask: 'measure' })) as Measured;
    return {
      ...measured,
      async *read(file) {
        await thread.ask({ ask: 'open', file });
        for (;;) {
          const block = (await thread.ask({ ask: 'next' })) as Uint8Array | null;
          if (!block) return;
          yield block;
        }
      },
      [Symbol.asyncDispose]: thread.close,
    };
  } catch (error) {
    await thread.close();
    throw error;
  }
}

/**
 * V8 lets a heap of garbage grow by what it may grow to; told so, an hour of video takes 250 MB less. What is held are
 * numbers outside the heap; of the largest video that is taken (a million frames) under 900 MB lie within.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 1024 };

function startThread(): Worker {
  const own = extname(fileURLToPath(import.meta.url));
  return new Worker(new URL(`./measure-thread${own}`, import.meta.url), { resourceLimits });
}

let spare: Worker | null = null;

/**
 * Has a thread ready for whoever measures next: starting one takes a fifth of a second, which nobody notices while
 * segments are looked at and everybody waits for at the end.
 */
export function prepareToMeasure(): void {
  if (spare) return;
  const thread = startThread();
  spare = thread;
  thread.unref();
  thread
    .once('error', () => {})
    .once('exit', () => {
      if (spare === thread) spare = null;
    });
}

function takeThread(): Worker {
  const thread = spare ?? startThread();
  spare = null;
  thread.ref();
  return thread;
}

function openThread(request: MeasureRequest, signal: AbortSignal) {
  const thread = takeThread();
  const waiting: PromiseWithResolvers<Answer>[] = [];
  let over: { reason: unknown } | null = null;
  const end = (reason: unknown) => {
    over ??= { reason };
    for (const one of waiting.splice(0)) one.reject(over.reason);
  };
  const stop = () => {
    end(signal.reason);
    void thread.terminate();
  };
  signal.addEventListener('abort', stop, { once: true });
  thread.on('message', (answer: Answer) => waiting.shift()?.resolve(answer));
  thread.once('error', end);
  thread.once('exit', (code) => {
    signal.removeEventListener('abort', stop);
    end(new Error(`The measuring thread ended with code ${code} before it had an answer.`));
  });
  if (signal.aborted) stop();
  const ask = (question: Question): Promise<Answer> => {
    if (over) return Promise.reject(over.reason);
    const answer = Promise.withResolvers<Answer>();
    waiting.push(answer);
    thread.postMessage(question);
    return answer.promise;
  };
  // Whoever asks next hears when this goes wrong.
  ask({ ask: 'begin', request }).catch(() => {});
  return {
    ask,
    async close(): Promise<void> {
      await thread.terminate();
    },
  };
}
