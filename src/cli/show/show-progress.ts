import type { Terminal } from '../terminal.ts';
import type { Progress } from './progress.ts';
import { progressBar } from './progress-bar.ts';
import { progressLines } from './progress-lines.ts';

/** A bar on a terminal, plain lines where nobody could see it move. */
export function showProgress(terminal: Terminal, upload?: { name: string; bytes: number }): Progress {
  return terminal.interactive ? progressBar(terminal, upload) : progressLines(terminal, upload);
}
