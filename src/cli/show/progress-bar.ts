import { Presets, SingleBar } from 'cli-progress';
import type { Terminal } from '../terminal.ts';
import { megabytes } from './numbers.ts';
import type { Progress } from './progress.ts';

/** One line that is drawn over itself: first the upload, then the stages of the job. */
export function progressBar(terminal: Terminal, upload?: { name: string; bytes: number }): Progress {
  const bar = new SingleBar(
    {
      format: ' {bar} {percentage}% {what} {detail}',
      stream: process.stderr,
      // A second Ctrl-C leaves at once and could not bring it back.
      hideCursor: false,
      clearOnComplete: true,
      stopOnComplete: false,
      barsize: 30,
      linewrap: false,
      // Ctrl-C is ours: it stops the bar and says how to follow the job.
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  let drawn = false;
  const show = (percent: number, what: string, detail = '') => {
    if (drawn) bar.update(percent, { what, detail });
    else bar.start(100, percent, { what, detail });
    drawn = true;
  };
  const stop = () => {
    if (drawn) bar.stop();
    drawn = false;
  };
  return {
    sent(bytes) {
      if (!upload) return;
      const percent = Math.floor((100 * bytes) / upload.bytes);
      show(percent, `uploading ${upload.name}`, `${megabytes(bytes)} of ${megabytes(upload.bytes)}`);
    },
    job({ progress_pct, stage }) {
      show(Math.floor(progress_pct), stage.toLowerCase());
    },
    note(line) {
      stop();
      terminal.note(line);
    },
    stop,
  };
}
