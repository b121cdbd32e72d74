import { once } from 'node:events';
import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { packed } from '../../test/kinds/scan/support/pack.ts';
import { zipOf } from '../../test/kinds/scan/support/zip.ts';
import type { BenchRun } from '../bench-run.ts';
import { median, spread } from '../statistics.ts';
import { withWarmChild } from './warm-child.ts';

const MEMBERS = 500;
const MB = 1e6;

/** An archive of many small texts, in a warm child. */
export async function manyTextsRow(run: BenchRun): Promise<string[]> {
  const path = join(run.scratch, 'texts.zip');
  const text = (n: number) => `Text number ${n}.\n${'It says little, and says it again.\n'.repeat(n % 40)}`;
  writeFileSync(
    path,
    zipOf(Array.from({ length: MEMBERS }, (_, n) => ({ name: `text-${n}.txt`, bytes: text(n) }))),
  );
  const seconds: number[] = [];
  await withWarmChild(run.scratch, async ({ scan }) => {
    for (let round = 0; round < run.rounds; round++) {
      run.say(`${MEMBERS} texts, round ${round + 1} of ${run.rounds}`);
      const began = performance.now();
      const { verdict } = await scan(path, 'texts.zip');
      if (verdict !== 'clean') throw new Error(`The archive of texts is ${verdict}.`);
      seconds.push((performance.now() - began) / 1000);
    }
  });
  return [`an archive of ${MEMBERS} small texts, seconds`, spread(seconds, 1), '', '', '≤ 10'];
}

/** Zeros that would give more than the limit, in formats that are opened in different ways; a child of its own for each. */
export async function bombRows(run: BenchRun): Promise<string[][]> {
  const limits = run.short ? [100] : [100, 400];
  const zeros = Buffer.alloc((Math.max(...limits) + 50) * MB);
  const bombs = { 'zeros.gz': await gzipped(run, zeros), 'zeros.7z': await sevenZipped(run, zeros) };
  const rows: string[][] = [];
  for (const [name, path] of Object.entries(bombs))
    for (const limit of limits) {
      const unpacked: number[] = [];
      const whole: number[] = [];
      const grown: number[] = [];
      for (let round = 0; round < run.rounds; round++) {
        run.say(`${name} up to ${limit} MB, round ${round + 1} of ${run.rounds}`);
        await withWarmChild(run.scratch, async ({ scan, peakMb }) => {
          const idle = peakMb();
          const began = performance.now();
          const result = await scan(path, name, { expanded_bytes: limit * MB, ratio: 1e9 });
          whole.push((performance.now() - began) / 1000);
          if (!result.limits.some((reached) => reached.name === 'expanded_bytes'))
            throw new Error(`${name} did not reach its limit.`);
          unpacked.push((result.stages.find((stage) => stage.name === 'unpack')?.elapsed_ms ?? 0) / 1000);
          grown.push(peakMb() - idle);
        });
      }
      rows.push(
        [
          `\`${name}\` up to ${limit} MB, seconds until the limit ends it`,
          spread(unpacked, 1),
          `${spread(whole, 1)} (with looking at what came out)`,
          `${((100 * median(unpacked)) / limit).toFixed(1)} s for 100 MB`,
          '≤ 2 s',
        ],
        [`\`${name}\` up to ${limit} MB, MiB of the child above idle`, spread(grown, 0), '', '', '≤ 300'],
      );
    }
  return rows;
}

async function gzipped({ scratch }: BenchRun, zeros: Buffer): Promise<string> {
  const path = join(scratch, 'zeros.gz');
  const gzip = createGzip({ level: 1 });
  const file = gzip.pipe(createWriteStream(path));
  gzip.end(zeros);
  await once(file, 'finish');
  return path;
}

async function sevenZipped({ scratch }: BenchRun, zeros: Buffer): Promise<string> {
  const path = join(scratch, 'zeros.7z');
  writeFileSync(path, await packed('7z', { 'zeros.bin': zeros }, '-mx=1'));
  return path;
}
