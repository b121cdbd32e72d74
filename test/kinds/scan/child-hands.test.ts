import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withoutClamav } from '../../../src/activities/scan/ask-clamav.ts';
import { type ChildHands, childHands } from '../../../src/activities/scan/child-hands.ts';
import { TooLarge } from '../../../src/domain/errors.ts';
import { type ScanLimits, usualLimits } from '../../../src/kinds/scan/analysis/limits.ts';
import { openSandboxes, type Sandboxes } from '../../../src/media/sandboxes.ts';

/** Real children of the small sandbox, whose stage `yara` does what hostile files make parsers do. */

const folder = mkdtempSync(join(tmpdir(), 'doubletake-hands-'));
const module = new URL('./support/odd-tasks.ts', import.meta.url);
let sandboxes: Sandboxes;
let hands: ChildHands;

beforeAll(() => {
  sandboxes = openSandboxes({ modules: [{ sandbox: 'small', module }], size: 1 });
  hands = handsWith({});
});
afterAll(async () => {
  await sandboxes?.close();
  rmSync(folder, { recursive: true, force: true });
});

function handsWith(limits: Partial<ScanLimits>): ChildHands {
  return childHands({
    pool: sandboxes.pools.small,
    folder,
    limits: { ...usualLimits, stage_seconds: 1, ...limits },
    passwords: [],
    listed: () => undefined,
    askClamav: withoutClamav.ask,
    signal: new AbortController().signal,
    onFile() {},
  });
}

const file = (name: string) => ({ key: '/nowhere', name, path: name, size: 1 });

test.each([
  ['loops', 'timeout', /more than \d+ s/, [{ name: 'stage_seconds', value: 1 }]],
  ['ends', 'failure', /ended by itself/, []],
  ['crashes', 'failure', /crashed/, []],
  ['grows', 'failure', /MiB of memory|crashed/, []],
])(
  'a file that %s costs its stage, and no more: %s',
  async (name, category, reason, limits) => {
    const look = await hands.look(file(name));
    const of = (stage: string) => look.stages.find((one) => one.name === stage);
    expect(of('yara')).toMatchObject({ category, score: 0, reasons: [expect.stringMatching(reason)] });
    expect(of('yara')?.limit).toEqual(limits[0]);
    for (const stage of ['hashes', 'type', 'facts'])
      expect(of(stage)).toMatchObject({ category: 'undetected' });
    expect(look).toMatchObject({ type: 'zip', opens: true });

    const budget = { children: 10, expanded_bytes: 1000, ratio: 200 };
    expect(await hands.unpack(file(name), 'zip', budget)).toMatchObject({
      stage: { name: 'unpack', category },
      children: [],
      // What was written before the child was lost counts, and is gone.
      expanded: 13,
      limits,
    });
    expect(readdirSync(folder)).toEqual([]);
    // The next file finds a child that works.
    expect((await hands.look(file('harmless'))).stages.map((stage) => stage.category)).toEqual([
      ...Array(4).fill('undetected'),
      'unsupported',
    ]);
    expect(sandboxes.pids().small).toHaveLength(1);
  },
  120_000,
);

test('a container whose child is killed once is opened once more, in an empty folder', async () => {
  const budget = { children: 10, expanded_bytes: 1000, ratio: 200 };
  expect(await handsWith({}).unpack(file('is killed once'), 'zip', budget)).toMatchObject({
    stage: { name: 'unpack', category: 'undetected' },
    limits: [],
  });
  // What the first try wrote is gone; what the second wrote stays until the scan has ended.
  expect(readdirSync(folder)).toEqual(['2']);
  rmSync(join(folder, '2'), { recursive: true });
});

test('a scan that has had its time begins nothing more, and says at which file', async () => {
  const late = handsWith({ scan_seconds: 0 });
  expect(late.isOver()).toBe(true);
  expect(hands.isOver()).toBe(false);
  // A batch that was under way is not followed by each stage alone.
  const { stages } = await late.look(file('crashes'));
  const told = { category: 'incomplete', limit: { name: 'scan_seconds', value: 0 } };
  for (const stage of stages.filter(({ name }) => name !== 'clamav')) expect(stage).toMatchObject(told);
});

test('a file that is too large to be extracted is an error that names the remedy', async () => {
  const small = handsWith({ file_bytes: 10 });
  await small.look({ ...file('harmless'), size: 11 });
  await expect(small.seal('harmless', join(folder, 'sealed'))).rejects.toThrow(TooLarge);
  await expect(small.seal('harmless', join(folder, 'sealed'))).rejects.toThrow(/DOUBLETAKE_SCAN_FILE_BYTES/);
});
