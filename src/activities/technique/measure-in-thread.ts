import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Measured, MeasureRequest } from './measure.ts';

/**
 * In a thread of its own: seconds of computing here would hold up the heartbeats of every other activity of this process, and
 * Temporal would take them for dead.
 */
export function measureInThread(request: MeasureRequest, signal: AbortSignal): Promise<Measured> {
  const own = extname(fileURLToPath(import.meta.url));
  const thread = new Worker(new URL(`./measure-thread${own}`, import.meta.url), { workerData: request });
  return new Promise<Measured>((resolve, reject) => {
    const stop = () => {
      reject(signal.reason);
      void thread.terminate();
    };
    signal.addEventListener('abort', stop, { once: true });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => {
      signal.removeEventListener('abort', stop);
      reject(new Error(`The measuring thread ended with code ${code} before it had an answer.`));
    });
    if (signal.aborted) stop();
  });
}
