import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withoutClamav } from '../../../src/activities/scan/ask-clamav.ts';
import { type ChildHands, childHands } from '../../../src/activities/scan/child-hands.ts';
import { usualLimits } from '../../../src/kinds/scan/analysis/limits.ts';
import { openSandboxes, type Sandboxes } from '../../../src/media/sandboxes.ts';

/** Real children of the small sandbox, whose stage `yara` does what hostile files make parsers do. */

const folder = mkdtempSync(join(tmpdir(), 'doubletake-hands-'));
const module = new URL('./support/odd-tasks.ts', import.meta.url);
let sandboxes: Sandboxes;
let hands: ChildHands;

beforeAll(() => {
  sandboxes = openSandboxes({ modules: [{ sandbox: 'small', module }], size: 1 });
  hands = childHands({
    pool: sandboxes.pools.small,
    folder,
    limits: { ...usualLimits, stage_seconds: 1 },
    passwords: [],
    listed: () => undefined,
    askClamav: withoutClamav.ask,
    signal: new AbortController().signal,
    onFile() {},
  });
});
afterAll(async () => {
  await sandboxes?.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string) => ({ key: '/nowhere', name, path: name, size: 1 });

test.each([
  ['loops', 'timeout', /more than \d+ s/],
  ['ends', 'failure', /ended by itself/],
  ['crashes', 'failure', /crashed/],
  ['grows', 'failure', /MiB of memory|crashed/],
])(
  'a file that %s costs its stage, and no more: %s',
  async (name, category, reason) => {
    const look = await hands.look(file(name));
    const of = (stage: string) => look.stages.find((one) => one.name === stage);
    expect(of('yara')).toMatchObject({ category, score: 0, reasons: [expect.stringMatching(reason)] });
    for (const stage of ['hashes', 'type', 'facts'])
      expect(of(stage)).toMatchObject({ category: 'undetected' });
    expect(look).toMatchObject({ type: 'zip', opens: true });

    const budget = { children: 10, expanded_bytes: 1000, ratio: 200 };
    expect(await hands.unpack(file(name), 'zip', budget)).toMatchObject({
      stage: { name: 'unpack', category },
      children: [],
    });
    // The next file finds a child that works.
    expect((await hands.look(file('harmless'))).stages.map((stage) => stage.category)).toEqual([
      ...Array(4).fill('undetected'),
      'unsupported',
    ]);
    expect(sandboxes.pids().small).toHaveLength(1);
  },
  120_000,
);
