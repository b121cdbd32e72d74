import type { JobView } from '../job-view.ts';
import type { Terminal } from '../terminal.ts';
import { megabytes } from './numbers.ts';
import type { Progress } from './progress.ts';

const STEP_PCT = 10;

/** A line at each new stage and each tenth of the way: readable in a log. */
export function progressLines(terminal: Terminal, upload?: { name: string; bytes: number }): Progress {
  let lastSent = -1;
  let last: { stage: string; step: number; attempt: number } | undefined;
  return {
    sent(bytes) {
      if (!upload) return;
      const step = Math.floor((100 * bytes) / upload.bytes / STEP_PCT);
      if (step === lastSent) return;
      lastSent = step;
      terminal.note(`uploading ${upload.name}: ${step * STEP_PCT} % of ${megabytes(upload.bytes)}`);
    },
    job({ stage, progress_pct, attempt }: JobView) {
      const step = Math.floor(progress_pct / STEP_PCT);
      if (last?.stage === stage && last.step === step && last.attempt === attempt) return;
      last = { stage, step, attempt };
      terminal.note(`${stage}: ${Math.floor(progress_pct)} %`);
    },
    note: (line) => terminal.note(line),
    stop() {},
  };
}
