import type { Progress } from '../../database/record-progress.ts';

/** Writes at most one progress a second; a write that fails is only progress lost. */
export function progressReporter(
  record: (progress: Progress) => Promise<void>,
  fixed: Omit<Progress, 'frames_done'>,
): (framesDone: number) => void {
  let last = 0;
  let writing = false;
  return (frames_done) => {
    const now = Date.now();
    if (writing || now - last < 1000) return;
    last = now;
    writing = true;
    record({ ...fixed, frames_done })
      .catch(() => {})
      .finally(() => {
        writing = false;
      });
  };
}
