/** `npm run accuracy`: measures rendered scenes of known sizes and writes `docs/accuracy.md`'s tables. */
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import type { Judged } from '../test/support/measurement/judge-scene.ts';
import { judgeScenes } from '../test/support/measurement/judge-scenes.ts';
import { costOfMeasuring } from './accuracy-cost.ts';
import { asMarkdown, placeSection, type Section } from './section.ts';

const page = new URL('../docs/accuracy.md', import.meta.url).pathname;

const options = new Command('accuracy')
  .description('Renders scenes of known millimetres, measures them, and compares.')
  .option('--scenes <n>', 'how many', '300')
  .option('--from <number>', 'of the first; the test takes those from 0', '1000')
  .option('--no-cost', 'leave out what a photograph costs, which wants a machine with nothing else to do')
  .option('--no-write', `leave ${page} as it is`)
  .parse()
  .opts<{ scenes: string; from: string; cost: boolean; write: boolean }>();

/** What the test measures half of. */
const TESTED = 40;

const [scenes, from] = [Number(options.scenes), Number(options.from)];
const judged = await judgeScenes(from, from + scenes, availableParallelism());
const tested = await judgeScenes(0, TESTED, availableParallelism());
const sections = [byReference(judged), byShape(judged), gated(judged)];
if (options.cost) sections.push(await costOfMeasuring());
for (const section of sections) process.stdout.write(`${asMarkdown(section)}\n\n`);
if (options.write) {
  const before = await readFile(page, 'utf8');
  await writeFile(page, sections.reduce(placeSection, before));
}

for (const [name, some] of [
  [`${from} to ${from + scenes - 1}`, judged],
  [`0 to ${TESTED - 1}`, tested],
] as const) {
  const broken = brokenBounds(some);
  console.log(`scenes ${name}: ${broken.length > 0 ? broken.join('; ') : 'every bound is kept'}`);
  if (broken.length > 0) process.exitCode = 1;
}

/** The bounds of `test/kinds/measurement/analysis/scenes.test.ts` that do not hold, in words. */
function brokenBounds(all: Judged[]): string[] {
  const passed = all.filter(({ passes }) => passes);
  const errors = sortedErrors(passed);
  const bounds: [words: string, holds: boolean][] = [
    ['the median of what passes is 1 % or more', atShare(errors, 0.5) < 0.01],
    ['one in twenty of what passes is off by 3 % or more', atShare(errors, 0.95) < 0.03],
    ['something that passes is off by a tenth', atShare(errors, 1) < 0.1],
    ['something that passes is left out or made up', passed.every((one) => one.missing + one.false === 0)],
    ['half of the scenes or fewer pass', passed.length > all.length / 2],
    ['something passes without being sure', passed.every(({ confidence }) => confidence >= 0.7)],
    [
      'somebody is asked and not told why',
      all.every(
        ({ passes, messages }) =>
          passes || (messages.length > 0 && messages.every((message) => message.length > 40)),
      ),
    ],
  ];
  return bounds.filter(([, holds]) => !holds).map(([words]) => words);
}

/** The value below which such a share of the sorted ones is; infinite where there are none. */
function atShare(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.POSITIVE_INFINITY;
}

function byReference(all: Judged[]): Section {
  const kinds = ['aruco', 'card', 'coin'].map(
    (kind) => [kind, all.filter((one) => one.kind === kind)] as const,
  );
  return {
    id: 'by-reference',
    title: 'By reference',
    says: `${scenes} scenes, numbers ${from} to ${from + scenes - 1}, \`npm run accuracy\`. Errors are those of width, height and √area of what passed the gate; the last column those of what did not, of which nobody is told without being asked.`,
    head: [
      'reference',
      'scenes',
      'passed',
      'median',
      '95th percentile',
      'largest',
      'left out or made up',
      'largest gated',
    ],
    rows: [['all', all] as const, ...kinds].map(([name, some]) => {
      const passed = some.filter(({ passes }) => passes);
      const errors = sortedErrors(passed);
      const gatedErrors = sortedErrors(some.filter(({ passes }) => !passes));
      return [
        name,
        `${some.length}`,
        `${passed.length} (${((100 * passed.length) / Math.max(1, some.length)).toFixed(0)} %)`,
        ...quantiles(errors),
        `${passed.reduce((sum, one) => sum + one.missing + one.false, 0)}`,
        percent(gatedErrors.at(-1)),
      ];
    }),
  };
}

function byShape(all: Judged[]): Section {
  const errors = new Map<string, number[]>();
  for (const { what, error } of all.filter(({ passes }) => passes).flatMap((one) => one.errors)) {
    errors.set(what, [...(errors.get(what) ?? []), error]);
  }
  return {
    id: 'by-shape',
    title: 'By shape and value',
    says: 'The same, by what was measured; area as √area, so that the columns compare.',
    head: ['what', 'values', 'median', '95th percentile', 'largest'],
    rows: [...errors]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, values]) => [what, `${values.length}`, ...quantiles(values.sort((a, b) => a - b))]),
  };
}

function gated(all: Judged[]): Section {
  const asked = all.filter(({ passes }) => !passes);
  const counts = new Map<string, number>();
  for (const reason of asked.flatMap(({ reasons }) => [...new Set(reasons)])) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return {
    id: 'gated',
    title: 'Why a person was asked',
    says: `${asked.length} of ${all.length} scenes; one scene may have several reasons.`,
    head: ['reason', 'scenes'],
    rows: [...counts].sort((a, b) => b[1] - a[1]).map(([reason, count]) => [`\`${reason}\``, `${count}`]),
  };
}

function sortedErrors(some: Judged[]): number[] {
  return some.flatMap((one) => one.errors.map(({ error }) => error)).sort((a, b) => a - b);
}

function quantiles(sorted: readonly number[]): string[] {
  return [sorted[sorted.length >> 1], sorted[Math.floor(sorted.length * 0.95)], sorted.at(-1)].map(percent);
}

function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${(share * 100).toFixed(2)} %`;
}
