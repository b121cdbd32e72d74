import type { JobView } from '../job-view.ts';
import type { Terminal } from '../terminal.ts';
import { progressBar } from './progress-bar.ts';
import { progressLines } from './progress-lines.ts';

/** What is going on, from the first byte sent to the end of the job. */
export interface Progress {
  sent(bytes: number): void;
  job(job: JobView): void;
  note(line: string): void;
  /** Leaves the terminal as it was found. */
  stop(): void;
}

/** A bar on a terminal, plain lines where nobody could see it move. */
export function showProgress(terminal: Terminal, upload?: { name: string; bytes: number }): Progress {
  return terminal.interactive ? progressBar(terminal, upload) : progressLines(terminal, upload);
}
