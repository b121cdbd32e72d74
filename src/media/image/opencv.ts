import { createRequire } from 'node:module';
import type * as OpenCv from '@techstark/opencv-js';

export type Cv = typeof OpenCv;

let loading: Promise<{ cv: Cv }> | undefined;

const events = ['uncaughtException', 'unhandledRejection'];

/**
 * OpenCV as WebAssembly, started once a process. In a box, because the module has a `then` that never calls
 * back: a promise resolved with it never ends.
 */
export function loadOpenCv(): Promise<{ cv: Cv }> {
  loading ??= new Promise((resolve) => {
    const before = events.map((event) => process.listeners(event as 'exit'));
    const cv = createRequire(import.meta.url)('@techstark/opencv-js') as Cv & {
      onRuntimeInitialized?: () => void;
    };
    // It hooks itself into the whole process's errors, where it would end the process its own way.
    for (const [i, event] of events.entries()) {
      for (const listener of process.listeners(event as 'exit')) {
        if (!before[i]?.includes(listener)) process.off(event, listener);
      }
    }
    if ('Mat' in cv) resolve({ cv });
    else Object.assign(cv, { onRuntimeInitialized: () => resolve({ cv }) });
  });
  return loading;
}
