import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { serverAddress } from '../../src/cli/server-address.ts';
import type { StackFile } from '../../stack/embedded/stack.ts';
import { smallSample } from '../support/media/shipped.ts';
import { workflowBundlePath } from '../support/workflow-bundle.ts';

const script = resolve('stack/start.mjs');
const folders: string[] = [];
const starts: Start[] = [];
/** A start of everything takes 7 s of a processor, so tests that leave the stack running use one together. */
let shared: SharedStack | undefined;
/** Folders that later tests go on with. */
const lasting = new Set<string>();

interface Start {
  process: ChildProcess;
  output(): string;
  ended: Promise<number | null>;
}

let bundle: string;
beforeAll(async () => {
  bundle = await workflowBundlePath();
});
afterEach(() =>
  cleanUp((kept) => kept === shared?.started || kept === shared?.data || lasting.has(kept as string)),
);
afterAll(() => cleanUp(() => false));

/** Ends what tests have started and removes their folders, but for what is still of use. */
async function cleanUp(isKept: (one: Start | string) => boolean): Promise<void> {
  for (const one of starts.splice(0)) {
    if (isKept(one)) {
      starts.push(one);
      continue;
    }
    one.process.kill('SIGTERM');
    await one.ended;
  }
  for (const folder of folders.splice(0)) {
    if (isKept(folder)) folders.push(folder);
    else rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

interface SharedStack {
  data: string;
  started: Start;
  stack: StackFile;
}

/** The shared stack, started when there is none or a test has ended it. */
async function runningStack(): Promise<SharedStack> {
  if (!shared || shared.started.process.exitCode !== null) {
    const data = dataFolder();
    const started = start(data);
    shared = { data, started, stack: await ready(data, started) };
  }
  const { data, started } = shared;
  // A part that was started again has another pid.
  return { data, started, stack: await ready(data, started) };
}

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'doubletake-start-'));
  // PostgreSQL's user passes through it when we are root.
  chmodSync(folder, 0o711);
  folders.push(folder);
  return folder;
}

/** `npm start [-- …]` on data of its own. */
function start(data: string, ...args: string[]): Start {
  return startAs({}, data, ...args);
}

interface As {
  user?: { uid: number; gid: number };
  environment?: Record<string, string>;
}

function startAs({ user, environment }: As, data: string, ...args: string[]): Start {
  const { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [script, ...args], {
    env: {
      ...{ PATH, HOME, TMPDIR, NODE_COMPILE_CACHE },
      DOUBLETAKE_DATA: data,
      DOUBLETAKE_WORKFLOW_BUNDLE: bundle,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      text += chunk;
    });
  }
  const ended = new Promise<number | null>((settle) => child.once('close', settle));
  const one = { process: child, output: () => text, ended };
  starts.push(one);
  return one;
}

async function ready(data: string, started: Start): Promise<StackFile> {
  while (!started.output().includes('Temporal Web')) {
    if (started.process.exitCode !== null) throw new Error(started.output());
    await sleep(100);
  }
  return JSON.parse(readFileSync(join(data, 'stack.json'), 'utf8'));
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

test('a file that is not there is said so before anything is started', async () => {
  const data = dataFolder();
  const started = start(data, 'nowhere.mp4');
  expect(await started.ended).toBe(1);
  expect(started.output()).toMatch(/There is no file .*nowhere\.mp4/);
  expect(existsSync(join(data, 'pids.json'))).toBe(false);
});

test.each([
  ['two files', ['samples/squats.mp4', 'samples/walk-and-jump.mp4'], /one file, and here are 2/],
  ['an option there is not', ['samples/squats.mp4', '--quik'], /no option --quik/],
  ['options without a file', ['--quick'], /--quick goes with a file/],
])('%s: refused before anything is started', async (_, args, words) => {
  const data = dataFolder();
  const started = start(data, ...args);
  expect(await started.ended).toBe(1);
  expect(started.output()).toMatch(words);
  expect(readdirSync(data)).toEqual([]);
});

test('who asks for sign-in gets no server without it', async () => {
  const data = dataFolder();
  const started = startAs({ environment: { DOUBLETAKE_AUTH: 'on' } }, data);
  expect(await started.ended).toBe(1);
  expect(started.output()).toMatch(/DOUBLETAKE_AUTH is "on", but .* has no sign-in.*docs\/deployment\.md/);
  expect(readdirSync(data)).toEqual([]);
});

test('--help explains, and starts nothing', async () => {
  const data = dataFolder();
  const started = start(data, '--help');
  expect(await started.ended).toBe(0);
  expect(started.output()).toContain('npm start [-- FILE [options]]');
  expect(readdirSync(data)).toEqual([]);
});

/** Another test run needs no root; a checkout below root's own folder nobody else may read. */
const nobody = { uid: 65_534, gid: 65_534 };
const canTry =
  process.getuid?.() === 0 &&
  spawnSync(process.execPath, ['-e', `require('fs').accessSync(${JSON.stringify(script)})`], nobody)
    .status === 0;

(canTry ? test : test.skip)(
  'an ordinary user starts it as root does',
  async () => {
    const [home, data] = [dataFolder(), dataFolder()];
    const environment: Record<string, string> = { HOME: home };
    // Root's own copies lie where nobody else may go.
    for (const [name, variable] of Object.entries({ temporal: 'TEMPORAL_CLI', versitygw: 'VERSITYGW' })) {
      const program = join(homedir(), '.cache/doubletake/bin', name);
      if (!existsSync(program)) continue;
      cpSync(program, join(home, name));
      environment[variable] = join(home, name);
    }
    for (const folder of [home, data]) chownSync(folder, nobody.uid, nobody.gid);
    const started = startAs({ user: nobody, environment }, data, smallSample('squats.mp4'), '--quick');
    const { pids } = await ready(data, started);
    expect(started.output()).toMatch(/[Rr]epetitions/);
    for (const pid of Object.values(pids))
      expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Uid:\s+65534\b/m);
    started.process.kill('SIGINT');
    expect(await started.ended).toBe(0);
    expect(Object.values(pids).filter(lives)).toEqual([]);
  },
  180_000,
);

test('a copy of a folder whose stack runs becomes a stack of its own beside it, at other ports', async () => {
  const { data, stack } = await runningStack();
  const copy = dataFolder();
  // What stands still; the open files of the servers are not what this is about.
  for (const name of ['lock', 'pids.json', 'stack.json', 'secrets.json'])
    cpSync(join(data, name), join(copy, name));
  const second = start(copy);
  const beside = await ready(copy, second);
  expect(second.output()).toContain('was copied from a stack that ran');
  expect(beside.api_url).not.toBe(stack.api_url);
  while (!second.output().includes('Ctrl-C stops it')) await sleep(50);
  expect(second.output()).toContain(
    `Port 3000 was taken by another program, so it is ${beside.api_url}, at later starts too.`,
  );
  expect(Object.values(stack.pids).every(lives)).toBe(true);
  for (const { api_url } of [stack, beside])
    expect((await fetch(`${api_url}/health/ready`)).status).toBe(200);
}, 180_000);

test('a second start on the same data uses the running stack', async () => {
  const { data, stack } = await runningStack();
  const second = start(data);
  expect(await second.ended).toBe(0);
  expect(second.output()).toContain('running here already');
  expect(second.output()).toContain(stack.api_url);
  expect(serverAddress(undefined, { DOUBLETAKE_DATA: data }, data).url).toBe(stack.api_url);
}, 120_000);

test('an API that dies is started again on the same port', async () => {
  const { data, stack } = await runningStack();
  process.kill(stack.pids.api as number, 'SIGKILL');
  const next = async (): Promise<StackFile> => JSON.parse(readFileSync(join(data, 'stack.json'), 'utf8'));
  while ((await next()).pids.api === stack.pids.api) await sleep(100);
  expect((await fetch(`${stack.api_url}/health/ready`)).status).toBe(200);
}, 120_000);

test('a server that dies ends the stack, with what its log said last', async () => {
  const { started, stack } = await runningStack();
  process.kill(stack.pids.postgres as number, 'SIGKILL');
  expect(await started.ended).toBe(1);
  expect(started.output()).toMatch(/postgres ended by SIGKILL; the stack can't go on without it/);
  expect(started.output()).toMatch(/The end of .*postgres\.log:[\s\S]*ready to accept connections/);
  expect(Object.values(stack.pids).filter(lives)).toEqual([]);
}, 120_000);

test('interrupted while it starts, it stops what it had begun', async () => {
  const data = dataFolder();
  const started = start(data);
  while (!started.output().includes('API and worker')) await sleep(50);
  const begun: Record<string, { pid: number }> = JSON.parse(readFileSync(join(data, 'pids.json'), 'utf8'));
  expect(Object.keys(begun)).toEqual(expect.arrayContaining(['postgres', 'temporal', 's3']));
  started.process.kill('SIGTERM');
  await started.ended;
  expect(Object.values(begun).filter(({ pid }) => lives(pid))).toEqual([]);
  expect(existsSync(join(data, 'lock'))).toBe(false);
}, 120_000);

/** Each begins where the one before has ended. */
describe('one data folder, from start to start', () => {
  let data: string;
  let stack: StackFile;
  let id: string;
  beforeAll(() => {
    data = dataFolder();
    lasting.add(data);
  });
  afterAll(() => lasting.clear());

  const addresses = ({ pids: _, started: __, ...rest }: StackFile) => rest;
  const read = async (path: string) => (await fetch(`${stack.api_url}${path}`)).json();

  test('Ctrl-C stops all that was started', async () => {
    // Where something has the port already, that will do.
    const other = createServer().on('error', () => {});
    other.listen(3000, '127.0.0.1');
    const environment = {
      OIDC_ISSUER: 'https://login.example',
      DOUBLETAKE_PORT: '4000',
      DOUBLETAKE_AUTH: 'off',
    };
    const started = startAs({ environment }, data, smallSample('squats.mp4'), '--quick');
    stack = await ready(data, started);
    expect(new URL(stack.api_url).port).not.toBe('3000');
    expect(started.output()).toContain(
      'Set here, but decided by "npm start" itself and not used: DOUBLETAKE_PORT, OIDC_ISSUER.',
    );
    expect(started.output()).toMatch(/[Rr]epetitions/);
    started.process.kill('SIGINT');
    expect(await started.ended).toBe(0);
    expect(Object.values(stack.pids).filter(lives)).toEqual([]);
    expect(existsSync(join(data, 'stack.json'))).toBe(false);
    await new Promise((resolve) => other.close(resolve));
  }, 120_000);

  test('what was analysed is there at the next start, at the same addresses; Ctrl-C in the middle of a video says that the job pauses', async () => {
    const started = start(data, smallSample('walk-and-jump.mp4'));
    while (!started.output().includes('Accepted as job')) await sleep(50);
    const again: StackFile = JSON.parse(readFileSync(join(data, 'stack.json'), 'utf8'));
    expect(addresses(again)).toEqual(addresses(stack));
    const { items } = (await read('/api/jobs')) as { items: { status: string }[] };
    expect(items.at(-1)).toMatchObject({ status: 'done' });
    id = /Accepted as job ([0-9a-f-]{36})/.exec(started.output())?.[1] as string;
    started.process.kill('SIGINT');
    await started.ended;
    expect(started.output()).toContain(`Job ${id} pauses here and goes on at the next "npm start".`);
  }, 120_000);

  test('the job goes on at the next start', async () => {
    const started = start(data);
    stack = await ready(data, started);
    expect(started.output()).toMatch(new RegExp(`Goes on: walk-and-jump\\.mp4 \\(job ${id}\\)`));
    const phase = async () => ((await read(`/api/jobs/${id}`)) as { phase: string }).phase;
    while ((await phase()) !== 'succeeded') await sleep(500);
    for (const pid of [started.process.pid as number, ...Object.values(stack.pids)])
      process.kill(pid, 'SIGKILL');
    await started.ended;
  }, 180_000);

  test('after kill -9 of everything, and of the supervisor alone, the next start works', async () => {
    const started = start(data);
    stack = await ready(data, started);
    process.kill(started.process.pid as number, 'SIGKILL');
    process.kill(stack.pids.supervisor as number, 'SIGKILL');
    await started.ended;

    await ready(data, start(data));
    const { supervisor: _, ...left } = stack.pids;
    expect(Object.values(left).filter(lives)).toEqual([]);
  }, 180_000);
});
