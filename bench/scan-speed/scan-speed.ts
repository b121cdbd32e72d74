import type { BenchRun } from '../bench-run.ts';
import type { Section } from '../section.ts';
import { bombRows, manyTextsRow } from './archive-rows.ts';
import { engineRows } from './engine-rows.ts';
import { labelledRows } from './labelled-rows.ts';

/** What the analysis of a scan takes, beside what does a part of it; without Temporal, S3 and PostgreSQL. */
export async function scanSpeed(run: BenchRun): Promise<Section> {
  return {
    id: 'scan-speed',
    title: 'scan: the analysis',
    says: 'Each file and all that is in it, in one warm child process with the usual limits, without ClamAV; everything in turn. Peers do a part each, loaded before and one file after the other: clamd, whose database has one line, and magika look at all files, olevba at Office files and pdfid at PDF files. Only clamd opens archives. Each bomb is a file of zeros and has a child of its own; its resident memory is sampled a hundred times a second.',
    head: ['work', 'scan', 'beside', 'ratio', 'goal'],
    rows: [
      ...(await labelledRows(run)),
      ...(await engineRows(run)),
      await manyTextsRow(run),
      ...(await bombRows(run)),
    ],
  };
}
