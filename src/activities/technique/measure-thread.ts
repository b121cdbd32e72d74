import { parentPort, workerData } from 'node:worker_threads';
import { measure } from './measure.ts';

/** What `measureInThread` starts. */
const measured = measure(workerData);
parentPort?.postMessage(
  measured,
  measured.files.map(({ body }) => body.buffer as ArrayBuffer),
);
