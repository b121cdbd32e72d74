/** `npm run accuracy:camera`: watches clips and rendered scenes whose events are known, and writes `docs/accuracy.md`'s table. */
import { readFile, writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { GreyReader } from '../src/kinds/camera/child/grey.ts';
import { ObjectDetector } from '../src/media/models/object-detector.ts';
import { copyOf, type Picture } from '../src/media/video/picture.ts';
import { FrameReader } from '../src/media/video/read-frames.ts';
import { type Condition, conditionsOf, type Shot } from '../test/support/camera/conditions.ts';
import { ClipPictures, clipPath, truthOf } from '../test/support/camera/people-clip.ts';
import {
  brokenPromise,
  type Eyes,
  type Judged,
  judge,
  watchShots,
} from '../test/support/camera/watch-shots.ts';
import { shippedModels } from '../test/support/media/shipped.ts';
import { asMarkdown, placeSection, type Section } from './section.ts';

const page = new URL('../docs/accuracy.md', import.meta.url).pathname;
const LEAST_SCORE = 0.1;

const options = new Command('accuracy:camera')
  .description('Watches clips and rendered scenes whose events are known, with the object model.')
  .option('--only <word...>', 'scenes that have such a word in their name; nothing is written')
  .option('--no-write', `leave ${page} as it is`)
  .parse()
  .opts<{ only?: string[]; write: boolean }>();

const detector = await ObjectDetector.load(shippedModels.detector, 1);
const wanted = (name: string) => options.only?.some((word) => name.includes(word)) ?? true;
const judged: Judged[] = [];

for (const file of ['people-one-by-one.mp4', 'bottle-detection.mp4', 'brightness-change.avi']) {
  if (!wanted(file)) continue;
  const name = file.replace(/\.\w+$/, '');
  const times = await timesOf(file);
  await using pictures = new ClipPictures(clipPath(file));
  const shots = times.map((time_s, from) => ({ time_s, from }));
  tell(judge({ name: `\`${file}\``, truth: truthOf(name) }, await watchShots(shots, eyesOn(pictures)), []));
}
await using people = new ClipPictures(clipPath('people-one-by-one.mp4'));
const base = { frames: 1394, truth: truthOf('people-one-by-one') };
let undisturbed: Judged['found'] = [];
for (const condition of conditionsOf(base)) {
  const isBase = condition.name === 'undisturbed';
  if (!isBase && !wanted(condition.name)) continue;
  const result = await watchCondition(condition);
  if (isBase) undisturbed = result.found;
  if (!isBase || wanted(condition.name)) tell(result);
}
const section = table(judged);
if (options.write && !options.only)
  await writeFile(page, placeSection(await readFile(page, 'utf8'), section));
process.stdout.write(`\n${asMarkdown(section)}\n`);
const broken = judged.filter((one) => brokenPromise(one) !== null);
console.log(broken.length > 0 ? `${broken.length} promises are broken` : 'every promise is kept');
process.exit(broken.length > 0 ? 1 : 0);

async function watchCondition(condition: Condition): Promise<Judged> {
  await people.rewind();
  const { shots, settings } = condition;
  return judge(condition, await watchShots(shots, eyesOn(people), settings), undisturbed);
}

function eyesOn(pictures: ClipPictures): Eyes {
  const reader = new GreyReader();
  let shown: { n: number; picture: Picture } | null = null;
  const show = async (shot: Shot, n: number) => {
    if (shown?.n !== n) shown = { n, picture: painted(await pictures.at(shot.from), shot, n) };
    return shown.picture;
  };
  return {
    grey: async (shot, n) => reader.read(await show(shot, n)),
    objects: async (shot, n, { lookAt }) => detector.detect(await show(shot, n), LEAST_SCORE, lookAt),
  };
}

function painted(picture: Picture, { paint, grey, time_s }: Shot, n: number): Picture {
  if (!paint && !grey) return picture;
  const copy = copyOf(picture);
  paint?.({ width: copy.coded_width, height: copy.coded_height, ...copy.luma } as never, time_s, n);
  if (grey) for (const plane of [copy.cb, copy.cr]) plane.data.fill(128);
  return copy;
}

async function timesOf(file: string): Promise<number[]> {
  await using reader = await FrameReader.open(
    { path: clipPath(file), fileName: file, limits: { pixels: 1e8 } },
    () => {},
  );
  const times: number[] = [];
  for await (const { time_s } of reader.segment(0, Number.POSITIVE_INFINITY)) times.push(time_s);
  return times;
}

function tell(one: Judged): void {
  judged.push(one);
  process.stderr.write(`${rowOf(one).join(' | ')}${brokenPromise(one) ? ` — ${brokenPromise(one)}` : ''}\n`);
  if (!brokenPromise(one)) return;
  for (const { start_s, end_s } of one.found)
    process.stderr.write(`    ${start_s.toFixed(2)}–${end_s.toFixed(2)}\n`);
}

function rowOf(one: Judged): string[] {
  const error = one.border_error_s === null ? '' : one.border_error_s.toFixed(2);
  const moved = one.moved_s === null ? '' : one.moved_s.toFixed(2);
  return [
    one.name,
    `${one.passages}`,
    `${one.found.length}`,
    one.f1.toFixed(2),
    error,
    moved,
    `${one.looks}`,
  ];
}

function table(all: readonly Judged[]): Section {
  return {
    id: 'camera-events',
    title: 'camera: events',
    says: `Clips whose events are labelled, and scenes rendered from \`people-one-by-one.mp4\` (\`test/support/camera/conditions.ts\`), \`npm run accuracy:camera\`. Every frame is decoded, painted, watched, and shown to the object model where the watch asks for it. F1 counts an event as found at an overlap of 0.3; it is 1 where there is nothing to find and nothing was found. Borders: mean distance of starts and ends from the labels, in seconds. Moved: the greatest distance from those of the clip as it is, where only frames are left out.`,
    head: ['scene', 'events', 'found', 'F1', 'borders, s', 'moved, s', 'looks'],
    rows: all.map(rowOf),
  };
}
