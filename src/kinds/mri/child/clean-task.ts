import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Report } from '../../../media/child/serve-tasks.ts';
import { type CleanedScan, cleanScan } from '../volume/clean-scan.ts';

export interface CleanTask {
  task: 'mriClean';
  /** The raw file, and what people read as its name. */
  path: string;
  fileName: string;
  /** Where the cleaned file is written. */
  out: string;
}

/** Writes a scan again without what could name a person. @throws UnsupportedMedia, UnreadableMedia, TooLarge */
export async function cleanTask(
  { path, fileName, out }: CleanTask,
  report: Report<never>,
): Promise<CleanedScan> {
  const file = createWriteStream(out, { mode: 0o600 });
  try {
    const cleaned = await cleanScan(path, fileName, async (piece) => {
      report();
      if (!file.write(piece)) await once(file, 'drain');
    });
    file.end();
    await finished(file);
    return cleaned;
  } finally {
    file.destroy();
  }
}
