import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cutToFit } from '../../../../src/kinds/scan/analysis/cut-to-fit.ts';
import { Meter, usualLimits } from '../../../../src/kinds/scan/analysis/limits.ts';
import type { FileStage, ScannedNode } from '../../../../src/kinds/scan/analysis/result.ts';
import {
  type FileToScan,
  NothingLookedAt,
  type ScanHands,
  scanTree,
} from '../../../../src/kinds/scan/analysis/scan-tree.ts';
import { stageNames } from '../../../../src/kinds/scan/analysis/stage.ts';

/** A file of the tests: a container where it has children. */
interface Given {
  name: string;
  children?: Given[];
  stages?: Partial<Record<FileStage['name'], Partial<FileStage>>>;
}

const row = (name: FileStage['name'], more: Partial<FileStage> = {}): FileStage => ({
  ...{ name, category: 'undetected', score: 0, findings: [], elapsed_ms: 1, version: '1', reasons: [] },
  ...more,
});

function handsFor(root: Given, listed: Record<string, 'safe' | 'blocked'> = {}) {
  const byPath = new Map<string, Given>();
  const unpacked: string[] = [];
  const remember = (given: Given, path: string) => {
    byPath.set(path, given);
    for (const child of given.children ?? []) remember(child, `${path}/${child.name}`);
  };
  remember(root, root.name);
  const fileOf = (given: Given, path: string): FileToScan => ({
    key: path,
    name: given.name,
    path,
    size: 10,
  });
  const hands: ScanHands = {
    listed: (sha256) => listed[sha256 ?? ''],
    isOver: () => false,
    async look({ path }) {
      const given = byPath.get(path) as Given;
      return {
        type: given.children ? 'zip' : 'text',
        mediaType: 'text/plain',
        sha256: given.name,
        stages: stageNames.filter((name) => name !== 'unpack').map((name) => row(name, given.stages?.[name])),
        opens: given.children !== undefined,
      };
    },
    async unpack({ path }, _type, { children }) {
      unpacked.push(path);
      const all = (byPath.get(path) as Given).children ?? [];
      const kept = all.slice(0, children);
      const isCut = kept.length < all.length;
      return {
        stage: row('unpack', { category: isCut ? 'incomplete' : 'harmless' }),
        children: kept.map((child) => fileOf(child, `${path}/${child.name}`)),
        expanded: 10 * kept.length,
        limits: isCut ? [{ name: 'children', value: 0 }] : [],
        notes: [],
      };
    },
  };
  return { hands, unpacked, file: fileOf(root, root.name) };
}

const finding = { id: 'a.b', title: 'T', score: 800, where: { path: 'a.zip/b.zip/c' }, evidence: '' };
const evil: Given = {
  name: 'c',
  stages: { yara: { category: 'malicious', score: 800, findings: [finding] } },
};

test('what a child has counts for the whole, and the tree shows where it is', async () => {
  const root: Given = { name: 'a.zip', children: [{ name: 'b.zip', children: [evil, { name: 'd' }] }] };
  const { hands, file } = handsFor(root);
  const result = await scanTree(file, hands, usualLimits, 2);
  expect(result).toMatchObject({ verdict: 'malicious', score: 800, limits: [] });
  expect(result.stages.map(({ name }) => name)).toEqual([...stageNames]);
  expect(result.stages.find(({ name }) => name === 'yara')).toMatchObject({
    category: 'malicious',
    findings: [finding],
  });
  expect(result.tree).toMatchObject({
    verdict: 'malicious',
    stages: { unpack: 'harmless' },
    children: [
      {
        path: 'a.zip/b.zip',
        verdict: 'malicious',
        score: 800,
        children: [
          { path: 'a.zip/b.zip/c', verdict: 'malicious', stages: { yara: 'malicious' } },
          { path: 'a.zip/b.zip/d', verdict: 'clean', stages: {} },
        ],
      },
    ],
  });
});

test('what a file says of itself is kept as PostgreSQL takes it, wherever it stands', async () => {
  const quoting: Given = {
    name: 'a\0\ud800.txt',
    stages: {
      facts: { facts: { 'ke\0y': [{ deep: 'half \udc00' }] } },
      yara: { category: 'incomplete', reasons: ['It quotes \0 and \ud800.'] },
    },
  };
  const result = await scanTree(handsFor(quoting).file, handsFor(quoting).hands, usualLimits, 1);
  const json = JSON.stringify(result);
  expect(json).not.toMatch(/\\u0000|\\ud[89a-f]/);
  expect(json).toContain('It quotes \ufffd and \ufffd.');
  expect(json).toContain('{"ke\ufffdy":[{"deep":"half \ufffd"}]}');

  const lost: Given = {
    name: 'a',
    stages: Object.fromEntries(stageNames.map((name) => [name, { category: 'failure', reasons: ['A \0.'] }])),
  };
  const { hands, file } = handsFor(lost);
  await expect(scanTree(file, hands, usualLimits, 1)).rejects.toThrow('A \ufffd.');
});

test('a reason says which file it is of, once for all that it holds of', async () => {
  const locked = (name: string): Given => ({
    name,
    stages: { yara: { category: 'incomplete', reasons: ['It is slow.', `${name} is odd.`] } },
  });
  const root: Given = {
    ...locked('a.zip'),
    children: [{ name: 'b.zip', children: [locked('c'), locked('d'), { name: 'e' }] }],
  };
  const reasonsOf = async (given: Given) => {
    const { hands, file } = handsFor(given);
    const { stages } = await scanTree(file, hands, usualLimits, 1);
    return stages.find(({ name }) => name === 'yara')?.reasons;
  };
  const odd = ['a.zip/b.zip/c: c is odd.', 'a.zip/b.zip/d: d is odd.'];
  expect(await reasonsOf(root)).toEqual(['It is slow.', 'a.zip is odd.', ...odd]);
  const { stages: _, ...sound } = root;
  expect(await reasonsOf(sound)).toEqual(['a.zip/b.zip/c and 1 more: It is slow.', ...odd]);
});

test('what lies too deep is not opened, and said', async () => {
  const nested = (levels: number): Given =>
    levels === 0 ? evil : { name: `${levels}.zip`, children: [nested(levels - 1)] };
  const { hands, file, unpacked } = handsFor(nested(20));
  const result = await scanTree(file, hands, usualLimits, 1);
  expect(unpacked).toHaveLength(15);
  expect(result).toMatchObject({ verdict: 'unknown', limits: [{ name: 'depth', value: 15 }] });
  expect(result.stages.find(({ name }) => name === 'unpack')).toMatchObject({
    category: 'incomplete',
    reasons: [expect.stringContaining('15 containers deep')],
  });
  const shallow = handsFor(nested(15));
  expect(await scanTree(shallow.file, shallow.hands, usualLimits, 1)).toMatchObject({ verdict: 'malicious' });
});

test('a limit that a stage reached is named with its file, once', async () => {
  const limit = { name: 'file_bytes', value: 64 } as const;
  const large = { category: 'incomplete', limit } as const;
  const { hands, file } = handsFor({
    name: 'a.zip',
    children: [{ name: 'b', stages: { pdf: large, yara: large } }],
  });
  const result = await scanTree(file, hands, usualLimits, 1);
  expect(result).toMatchObject({ verdict: 'unknown', limits: [{ ...limit, path: 'a.zip/b' }] });
  expect(result.limits).toHaveLength(1);
  expect(result.stages.some((stage) => 'limit' in stage)).toBe(false);
});

test.each([1, 2, 3])(
  'after %i steps the scan has had its time: the rest is incomplete, and said',
  async (steps) => {
    const root: Given = { name: 'a.zip', children: [{ name: 'b.zip', children: [evil] }, { name: 'd' }] };
    const { hands, file, unpacked } = handsFor(root);
    let begun = 0;
    const timed: ScanHands = { ...hands, isOver: () => begun++ >= steps };
    const result = await scanTree(file, timed, usualLimits, 1);
    expect(result).toMatchObject({ verdict: 'unknown', limits: [{ name: 'scan_seconds', value: 1800 }] });
    expect(result.limits).toHaveLength(1);
    expect(unpacked).toEqual(steps === 1 ? [] : ['a.zip']);
    expect(result.stages.flatMap(({ reasons }) => reasons)).toContainEqual(expect.stringContaining('1800 s'));
  },
);

test('the limit of children is for the whole tree', async () => {
  const many = (name: string): Given => ({
    name,
    children: Array.from({ length: 300 }, (_, n) => ({ name: String(n) })),
  });
  const { hands, file } = handsFor({ name: 'a.zip', children: [many('b.zip'), many('c.zip')] });
  const result = await scanTree(file, hands, usualLimits, 2);
  const count = (node: ScannedNode): number =>
    1 + node.children.reduce((sum, child) => sum + count(child), 0);
  expect(count(result.tree)).toBe(501);
  expect(result).toMatchObject({
    verdict: 'unknown',
    limits: [{ name: 'children', value: 500, path: 'a.zip/c.zip' }],
  });
});

test('a safelisted child is not opened and does not count; a blocklisted one scores 1000', async () => {
  const root: Given = { name: 'a.zip', children: [{ name: 'b.zip', children: [evil] }, { name: 'd' }] };
  const safe = handsFor(root, { 'b.zip': 'safe' });
  const result = await scanTree(safe.file, safe.hands, usualLimits, 1);
  expect(result).toMatchObject({ verdict: 'clean', score: 0 });
  expect(result.tree.children[0]).toMatchObject({
    children: [],
    notes: [expect.stringContaining('safelist')],
  });
  const blocked = handsFor(root, { d: 'blocked', 'b.zip': 'safe' });
  expect(await scanTree(blocked.file, blocked.hands, usualLimits, 1)).toMatchObject({
    verdict: 'malicious',
    score: 1000,
  });
});

test('no stage could look at the file: no verdict', async () => {
  const failed = { category: 'failure' as const, reasons: ['It crashed.'] };
  const all = Object.fromEntries(stageNames.map((name) => [name, failed]));
  const { hands, file } = handsFor({ name: 'a', stages: all });
  await expect(scanTree(file, hands, usualLimits, 1)).rejects.toThrow(NothingLookedAt);
  const allButOne = handsFor({ name: 'a', stages: { ...all, facts: {} } });
  expect(await scanTree(allButOne.file, allButOne.hands, usualLimits, 1)).toMatchObject({
    verdict: 'unknown',
  });
});

test('bytes are counted as they are written: a meter never lets more pass than the limits', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 2 ** 24 }), { maxLength: 50 }),
      fc.integer({ min: 0, max: 2 ** 26 }),
      fc.integer({ min: 0, max: 2 ** 20 }),
      (writes, expanded_bytes, own) => {
        const meter = new Meter({ children: 10, expanded_bytes, ratio: 200 }, own, (limit) => {
          throw new Error(limit);
        });
        try {
          for (const bytes of writes) meter.written(bytes);
        } catch {
          // The limit that was reached.
        }
        expect(meter.bytes).toBeLessThanOrEqual(expanded_bytes);
        expect(meter.bytes).toBeLessThanOrEqual(Math.max(16 * 2 ** 20, 200 * own));
      },
    ),
  );
});

test('a result that is too large is cut, and says so; its verdict and stages stay', async () => {
  const findings = Array.from({ length: 500 }, () => ({ ...finding, evidence: 'x'.repeat(256) }));
  const child: Given = { name: 'b', stages: { yara: { category: 'malicious', score: 1000, findings } } };
  const { hands, file } = handsFor({ name: 'a.zip', children: Array.from({ length: 20 }, () => child) });
  const result = await scanTree(file, hands, usualLimits, 1);
  expect(cutToFit(result, 10_000_000)).toBe(result);
  for (const most of [1_000_000, 100_000, 10_000]) {
    const cut = cutToFit(result, most);
    expect(JSON.stringify(cut).length).toBeLessThanOrEqual(most);
    expect(cut).toMatchObject({ truncated: true, verdict: 'malicious', score: 1000 });
    expect(cut.stages).toHaveLength(stageNames.length);
  }
});

test('a tree that does not fit keeps as many files as do, the uppermost first', async () => {
  const child = (n: number): Given => ({
    name: `${'n'.repeat(65_000)}${n}.txt`,
    children: [{ name: 'deep' }],
  });
  const given = { name: 'a.zip', children: Array.from({ length: 400 }, (_, n) => child(n)) };
  const { hands, file } = handsFor(given);
  const short: ScanHands = {
    ...hands,
    async unpack(container, type, budget) {
      const unpacked = await hands.unpack(container, type, budget);
      const quoting = `It quotes ${'x'.repeat(10_000)}.`;
      return { ...unpacked, stage: { ...unpacked.stage, reasons: [quoting] }, notes: [quoting] };
    },
  };
  const result = await scanTree(file, short, { ...usualLimits, children: 1000 }, 1);
  expect(result.tree.children[0]?.name).toMatch(/^n{500,}…n{500,}0\.txt$/);
  expect(result.tree.notes[0]).toHaveLength(500);
  expect(result.stages.find(({ name }) => name === 'unpack')?.reasons[0]).toHaveLength(500);

  const named = { ...result, tree: withShortPaths(result.tree) };
  const most = 300_000;
  const cut = cutToFit(named, most);
  const bytes = Buffer.byteLength(JSON.stringify(cut));
  expect(bytes).toBeLessThanOrEqual(most);
  // A file's line has a thousand bytes, and PostgreSQL some twenty blanks in it.
  expect(bytes).toBeGreaterThan(most - 10_000);
  expect(cut.tree.children.length).toBeGreaterThan(150);
  expect(cut.tree.children.length).toBeLessThan(400);
  expect(cut.tree.children.flatMap(({ children }) => children)).toEqual([]);
});

/** The hands of this test make paths and hashes of whole names; those of a worker do not. */
function withShortPaths(node: ScannedNode, path = 'a.zip'): ScannedNode {
  const children = node.children.map((child, n) => withShortPaths(child, `${path}/${n}`));
  return { ...node, path, sha256: null, children };
}
