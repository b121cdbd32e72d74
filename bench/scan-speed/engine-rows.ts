import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openScannedFile } from '../../src/kinds/scan/child/opened-file.ts';
import { hashesStage } from '../../src/kinds/scan/stages/hashes/stage.ts';
import { scanByWindows } from '../../src/kinds/scan/stages/yara/windows.ts';
import { compileForParts, compileRules } from '../../src/kinds/scan/stages/yara/yara-x.ts';
import type { BenchRun } from '../bench-run.ts';
import { median, spread } from '../statistics.ts';

const MiB = 1024 ** 2;
const SIZE = 64;

/** Words that are not there: what is measured is looking. */
const plainRules = Array.from({ length: 8 }, (_, n) => ({
  name: `plain-${n}`,
  text: `rule plain_${n} { strings: $word = "a word that is not there, number ${n}" condition: $word }`,
}));

/** Stages that read every byte, beside the engines below them, in turn on one file of 64 MiB of noise. */
export async function engineRows(run: BenchRun): Promise<string[][]> {
  const path = join(run.scratch, 'noise.bin');
  writeFileSync(path, randomBytes(SIZE * MiB));
  const whole = openScannedFile({ path, name: 'noise.bin', fileBytes: SIZE * MiB });
  const opened = openScannedFile({ path, name: 'noise.bin', fileBytes: SIZE * MiB });
  const file = opened.as('data', 'application/octet-stream');
  const alone = compileRules(plainRules).engine;
  const forParts = compileForParts(plainRules);
  const bytes = whole.bytes();
  const hashes = (...names: string[]) => {
    const digests = names.map((name) => createHash(name));
    for (let from = 0; from < bytes.length; from += MiB)
      for (const digest of digests) digest.update(bytes.subarray(from, from + MiB));
    for (const digest of digests) digest.digest('hex');
  };
  const measured = {
    engine: [() => alone.scan(readFileSync(path)), [] as number[]],
    yara: [() => scanByWindows(file, forParts), [] as number[]],
    three: [() => hashes('sha256', 'sha1', 'md5'), [] as number[]],
    two: [() => hashes('sha256', 'md5'), [] as number[]],
    hashes: [() => hashesStage.look(file), [] as number[]],
  } as const;
  try {
    for (let round = 0; round <= Math.max(3, run.rounds); round++) {
      run.say(`${SIZE} MiB, round ${round}`);
      for (const [look, found] of Object.values(measured)) {
        const began = performance.now();
        await look();
        // The first one compiles.
        if (round > 0) found.push((1000 * SIZE) / (performance.now() - began));
      }
    }
  } finally {
    whole.close();
    opened.close();
  }
  const { engine, yara, three, two, hashes: ours } = measured;
  const ratio = (one: readonly number[], other: readonly number[]) =>
    (median(one) / median(other)).toFixed(2);
  return [
    [
      `YARA, ${SIZE} MiB, 8 plain rules, MiB/s`,
      spread(yara[1], 0),
      `${spread(engine[1], 0)} (the same engine, the file read and scanned at once)`,
      ratio(yara[1], engine[1]),
      '≥ 0.9',
    ],
    [
      `digests and entropy, ${SIZE} MiB, MiB/s`,
      spread(ours[1], 0),
      `${spread(three[1], 0)} (SHA-256, SHA-1 and MD5 alone)`,
      ratio(ours[1], three[1]),
      '≥ 0.8',
    ],
    [
      'the same',
      spread(ours[1], 0),
      `${spread(two[1], 0)} (SHA-256 and MD5 alone)`,
      ratio(ours[1], two[1]),
      '',
    ],
  ];
}
