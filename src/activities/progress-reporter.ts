import type { Progress } from '../database/jobs/record-progress.ts';

/** Writes at most one progress a second; a write that fails is only progress lost. */
export function progressReporter(
  record: (progress: Progress) => Promise<void>,
  fixed: Omit<Progress, 'done'>,
): (done: number) => void {
  let last = 0;
  let writing = false;
  return (done) => {
    const now = Date.now();
    if (writing || now - last < 1000) return;
    last = now;
    writing = true;
    record({ ...fixed, done })
      .catch(() => {})
      .finally(() => {
        writing = false;
      });
  };
}
