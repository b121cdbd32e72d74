import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const notice = readFileSync('NOTICE', 'utf8');

/** Asks for nothing but that the notice, which is in the package, is kept. */
const permissive = [
  ...['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'BlueOak-1.0.0'],
  ...['PSF-2.0', 'Unlicense', 'CC0-1.0', 'MIT-0'],
];
/** Asks for more, and is carried all the same: NOTICE has to say what of it there is. */
const named = ['LGPL-3.0-or-later', 'SEE LICENSE IN License.txt', 'MPL-2.0', 'CC-BY-4.0', 'none stated'];

interface Manifest {
  license?: string;
}

/** What `npm ci --omit=dev` may install, on any platform, by its folder. */
const production = Object.entries(
  (
    JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, Manifest & { dev?: boolean }>;
    }
  ).packages,
).filter(([folder, { dev }]) => folder !== '' && !dev);

/** As the installed package says it; of another platform's, as the lock file has it. */
function licenceOf(folder: string, inLock: Manifest): string {
  const manifest = join(folder, 'package.json');
  const { license } = existsSync(manifest)
    ? (JSON.parse(readFileSync(manifest, 'utf8')) as Manifest)
    : inLock;
  return license ?? 'none stated';
}

/** SPDX, as far as packages use it: one of those that OR joins is enough, of those that AND joins all count. */
function licencesIn(expression: string): string[] {
  const choices = expression.replace(/[()]/g, '').split(' OR ');
  const free = choices.find((choice) => choice.split(' AND ').every((one) => permissive.includes(one)));
  return (free ?? choices[0] ?? '').split(' AND ');
}

const isNamed = (name: string) =>
  // What differs between platforms is named once.
  [
    name,
    name.replace(/-(darwin|linux|linuxmusl|freebsd|win32|webcontainers|wasm32)\b.*$/, '-<platform>'),
  ].some((one) => notice.includes(one));

test('every package that an image may carry has a licence that was decided on, and NOTICE names the unusual ones', () => {
  expect(production.length).toBeGreaterThan(300);
  const undecided: string[] = [];
  const unnamed: string[] = [];
  for (const [folder, inLock] of production) {
    const name = folder.replace(/^.*node_modules\//, '');
    // Of other platforms' builds that no registry within reach carried, the lock file has the name only.
    if (/^@swc\/core-/.test(name) && !existsSync(folder) && !inLock.license) continue;
    const licences = licencesIn(licenceOf(folder, inLock));
    const unusual = licences.filter((licence) => !permissive.includes(licence));
    if (unusual.some((licence) => !named.includes(licence)))
      undecided.push(`${name}: ${licences.join(', ')}`);
    if (unusual.length > 0 && !isNamed(name)) unnamed.push(name);
  }
  expect({ undecided, unnamed }).toEqual({ undecided: [], unnamed: [] });
});

test('every model is named with the licence of its card', () => {
  const models = readdirSync('models').filter((name) => name.endsWith('.onnx'));
  expect(models.length).toBeGreaterThan(0);
  for (const model of models) {
    const card = readFileSync(join('models', model.replace(/onnx$/, 'md')), 'utf8');
    const licence = /^\| licence \| ([\w.-]+)/m.exec(card)?.[1];
    expect(notice).toMatch(new RegExp(`${model} +${licence}`));
  }
});

const binary = `node_modules/@seydx/node-av-${process.platform}-${process.arch}/node-av.node`;

(existsSync(binary) ? test : test.skip)('what FFmpeg was built with is what NOTICE says', () => {
  const bytes = readFileSync(binary);
  const at = bytes.indexOf('--enable-gpl');
  const configuration = bytes.subarray(at, bytes.indexOf(0, at)).toString('latin1');
  expect(configuration).toMatch(/^--enable-gpl --enable-version3 /);
  expect(configuration).not.toContain('--enable-nonfree');
  const libraries = [...configuration.matchAll(/--enable-(lib\w[\w-]*)/g)].map(([, name]) => name as string);
  expect(libraries).toEqual(expect.arrayContaining(['libx264', 'libx265']));
  expect(libraries.filter((name) => !new RegExp(`\\b${name}\\b`).test(notice))).toEqual([]);
  const { version } = JSON.parse(readFileSync('node_modules/node-av/package.json', 'utf8'));
  expect(notice).toContain(`node-av ${version}`);
});

test('the image has LICENSE and NOTICE in it', () => {
  expect(readFileSync('Dockerfile', 'utf8')).toMatch(/^COPY package\.json LICENSE NOTICE /m);
});

test('without FFmpeg’s file the API and a worker for photographs load; of a video only its child process needs it', () => {
  const load = (...modules: string[]) =>
    spawnSync(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        '--input-type=module',
        '-e',
        `import { registerHooks } from 'node:module';
         registerHooks({
           resolve(name, context, next) {
             if (name.startsWith('@seydx/')) throw new Error('left out: ' + name);
             return next(name, context);
           },
         });
         for (const one of ${JSON.stringify(modules)}) await import(one);
         process.exit(0);`,
      ],
      { encoding: 'utf8' },
    );
  const url = (path: string) => new URL(`../src/${path}`, import.meta.url).href;
  const photographs = [
    'api/build-api.ts',
    'kinds/for-api.ts',
    'worker/run-worker.ts',
    'worker/kinds/index.ts',
  ];
  const { status, stderr } = load(...photographs.map(url), url('kinds/measurement/child/tasks.ts'));
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(load(url('media/video/open-video.ts')).status).not.toBe(0);
});
