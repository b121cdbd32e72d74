import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withoutMarker } from '../support/measurement/phone-photo.ts';
import { makeScratchFolder, type ScratchFolder } from '../support/media/scratch-folder.ts';
import { samplePath } from '../support/media/shipped.ts';
import { type RunningService, startService } from '../support/running-service.ts';
import { doubletake, type Ran } from './run-cli.ts';

let service: RunningService;
let folder: ScratchFolder;
let painted: string;
const corners = '779,319,632,294,656,148,804,173';

beforeAll(async () => {
  folder = await makeScratchFolder();
  service = await startService();
  const points = corners.split(',').map(Number);
  painted = folder.file('marker-painted-over.jpg');
  const covered = await withoutMarker(
    [0, 2, 4, 6].map((i) => [points[i] as number, points[i + 1] as number]),
  );
  writeFileSync(painted, covered.bytes);
});
afterAll(async () => {
  await service?.stop();
  await folder?.remove();
});

const ask = (...args: string[]) => doubletake(args, { env: { DOUBLETAKE_API: service.url('') } });
const idIn = ({ stderr }: Ran) => /Accepted as job ([0-9a-f-]{36})/.exec(stderr)?.[1] as string;

test('a photograph with a marker: its sizes, the scale, and the pictures in --out', async () => {
  const out = folder.file('result');
  const { code, stdout } = await ask(
    'analyze',
    samplePath('phone-with-aruco.jpg'),
    '--kind',
    'measurement',
    '--out',
    out,
  );
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/^Measurements, by the machine\n {2}1: [\d.]+ × [\d.]+ mm\n/),
  ]);
  const [width = 0, height = 0] = (/1: ([\d.]+) × ([\d.]+) mm/.exec(stdout) ?? []).slice(1).map(Number);
  expect(Math.abs(width / 85 - 1)).toBeLessThan(0.02);
  expect(Math.abs(height / 168 - 1)).toBeLessThan(0.02);
  expect(stdout).toMatch(/area [\d.]+ mm², perimeter [\d.]+ mm, confidence 0\.\d\d\n/);
  expect(stdout).toMatch(/scale: [\d.]+ pixels a millimetre, by marker 10/);
  expect(readFileSync(join(out, 'report.md'), 'utf8')).toMatch(
    /^# Measurement: phone[\s\S]*\| 1 \| 8[\d.]+ × 16[\d.]+ mm[\s\S]*\]\(measuring\/annotated\.jpg\)/,
  );
  expect(stdout.match(/^annotated: /gm)).toHaveLength(1);
  expect(stdout).toMatch(/^report: +http/m);
  for (const name of ['annotated.jpg', 'rectified.jpg']) {
    expect(
      readFileSync(join(out, 'measuring', name))
        .subarray(0, 3)
        .toString('hex'),
    ).toBe('ffd8ff');
  }
});

test('without the marker: 3 and the reasons; "assist" shows what is asked, refuses, takes the corners', async () => {
  const ran = await ask('analyze', painted, '--kind', 'measurement');
  const id = idIn(ran);
  expect([ran.code, ran.stderr]).toEqual([3, expect.stringContaining(`"doubletake assist ${id}" shows`)]);
  expect(ran.stdout).toMatch(/1: size unknown\n/);
  expect(ran.stdout).toMatch(/A person is asked, because:\n {2}- No marker of DICT_5X5_50 was found/);

  const asked = await ask('assist', id);
  expect([asked.code, asked.stdout]).toEqual([
    3,
    expect.stringMatching(/asks whoever may.*\n {2}- No marker/),
  ]);
  expect(asked.stdout).toMatch(/image: 1280 × 720 pixels[\s\S]*object 1 within [\s\S]*annotated: +http/);

  const refused = await ask('assist', id, '--size-mm', '60');
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/give reference_corners/)]);

  const assigned = await ask('assist', id, '--assign', 'lab-7');
  expect([assigned.code, assigned.stdout]).toEqual([0, 'lab-7 is asked.\n']);
  const mine = async () => JSON.parse((await ask('jobs', '--assigned', '--json')).stdout).items;
  expect(await mine()).toEqual([]);
  await ask('assist', id, '--assign', 'local');
  expect(await mine()).toEqual([expect.objectContaining({ id })]);

  const done = await ask('assist', id, '--corners', corners, '--size-mm', '50', '--note', 'under the paint');
  expect([done.code, done.stderr]).toEqual([
    0,
    expect.stringMatching(/^Accepted, 20.*as the answer of local/),
  ]);
  expect(done.stdout).toMatch(/^Measurements, as local put it right\n {2}1: 8\d\.\d × 16\d\.\d mm\n/);
  expect(done.stdout).toContain('the machine’s: size unknown');

  const again = await ask('assist', id, '--value', '1:width=85,height=168');
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('local answered first')]);
  const shown = await ask('job', id);
  expect([shown.code, shown.stdout]).toEqual([
    0,
    expect.stringMatching(
      /local gave the place of the reference, its size of 50 mm, 20.*: “under the paint”\.\n/,
    ),
  ]);
  expect(shown.stdout.match(/^annotated: /gm)).toHaveLength(1);
});

test('an answer from a file, as one JSON document', async () => {
  const id = idIn(await ask('analyze', painted, '--kind', 'measurement'));
  const file = folder.file('answer.json');
  const values = [1, 2].map((n) => ({ n, width_mm: 85, height_mm: 168 }));
  writeFileSync(file, JSON.stringify({ values }));
  const { code, stdout } = await ask('assist', id, '--file', file, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    job: { status: 'completed' },
    result: { version: 2, measurements: [{ width: { value: 85 } }, { n: 2 }] },
  });
});

test('what is in a file is judged by the server, which knows the kind', async () => {
  const id = idIn(await ask('analyze', painted, '--kind', 'measurement'));
  const file = folder.file('answer.json');
  writeFileSync(file, JSON.stringify({ transcript: 'hello' }));
  const unknown = await ask('assist', id, '--file', file);
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringMatching(/transcript/)]);
  writeFileSync(file, '[1]');
  const list = await ask('assist', id, '--file', file);
  expect([list.code, list.stderr]).toEqual([2, expect.stringMatching(/expected an object in JSON/)]);
});

test.each([
  [['--corners', '1,2,3'], /--corners: 3 numbers; expected x,y/],
  [['--corners', '1,2,3,4'], /reference_corners/],
  [['--size-mm', 'five'], /--size-mm: five is no number/],
  [['--value', 'width=85'], /expected the object's number and a colon/],
  [['--value', '1:depth=85'], /expected width, height, area, perimeter/],
  [['--file', 'nowhere.json'], /--file nowhere\.json cannot be read: .*no such file/],
  [['--file', samplePath('phone-with-aruco.jpg')], /is no answer in JSON/],
  [
    ['--file', new URL('../../biome.json', import.meta.url).pathname, '--size-mm', '50'],
    /has the whole answer/,
  ],
  [['--note', 'looks fine'], /--note goes with an answer/],
  [['--assign', 'lab-7', '--size-mm', '50'], /one of the two/],
])('%j is refused before anything is sent', async (options, words) => {
  const { code, stderr } = await ask('assist', '5f0c0000-0000-4000-8000-000000000000', ...options);
  expect([code, stderr]).toEqual([2, expect.stringMatching(words)]);
});
