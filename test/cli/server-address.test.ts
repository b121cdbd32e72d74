import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { databaseAddress, serverAddress } from '../../src/cli/server-address.ts';
import { identify, type ProcessIdentity } from '../../src/system/process-identity.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'doubletake-cli-'));
  folders.push(folder);
  return folder;
}

function checkoutWith(stack: string): string {
  const root = newFolder();
  mkdirSync(join(root, '.doubletake'));
  writeFileSync(join(root, '.doubletake', 'stack.json'), stack);
  const deep = join(root, 'videos', 'today');
  mkdirSync(deep, { recursive: true });
  return deep;
}

/** Of a stack that runs, as this test does, and whose file was left by one that was killed. */
const api = { api_url: 'http://127.0.0.1:3007', database_url: 'postgres://dt:pw@127.0.0.1:5432/stack' };
const { started } = identify(process.pid) as ProcessIdentity;
const running = { pids: { supervisor: process.pid }, started: { supervisor: started } };
const stack = JSON.stringify({ ...api, ...running });

/** The pid of a process that has ended. */
const gone = spawnSync(process.execPath, ['-e', '']).pid;

test('the server named on the command line wins, then the environment, then the stack up the folders', () => {
  const deep = checkoutWith(stack);
  const env = { DOUBLETAKE_API: 'https://doubletake.example/' };
  expect(serverAddress('http://there:1', env, deep)).toEqual({ url: 'http://there:1', origin: '--api' });
  expect(serverAddress(undefined, env, deep).url).toBe('https://doubletake.example');
  expect(serverAddress(undefined, {}, deep).url).toBe('http://127.0.0.1:3007');
  expect(serverAddress(undefined, {}, deep).origin).toContain(join('.doubletake', 'stack.json'));
});

test('a stack whose data was moved is found where it was moved to, and nowhere else', () => {
  const data = newFolder();
  writeFileSync(join(data, 'stack.json'), stack);
  expect(serverAddress(undefined, { DOUBLETAKE_DATA: data }, newFolder()).url).toBe('http://127.0.0.1:3007');
  const elsewhere = { DOUBLETAKE_DATA: newFolder() };
  expect(() => serverAddress(undefined, elsewhere, checkoutWith(stack))).toThrow(/is not running/);
});

test.each([
  ['was killed', JSON.stringify({ ...api, ...running, pids: { supervisor: gone, api: gone } })],
  ['is of a version that named no processes', JSON.stringify(api)],
  ['is of a version that named numbers alone', JSON.stringify({ ...api, pids: running.pids })],
  ['had a number that is another process’s now', JSON.stringify({ ...api, pids: { api: 1 } })],
  [
    'had the number of a process that was started later',
    JSON.stringify({ ...api, ...running, started: { supervisor: 'before' } }),
  ],
  ['names an API elsewhere', JSON.stringify({ ...api, ...running, api_url: 'http://stranger.example' })],
  [
    'names an address that only begins like this machine’s',
    JSON.stringify({ ...api, ...running, api_url: 'http://127.0.0.1.stranger.example' }),
  ],
  [
    'names a database elsewhere',
    JSON.stringify({ ...api, ...running, database_url: 'postgres://stranger.example/x' }),
  ],
  ['came with a copied checkout', JSON.stringify({ ...JSON.parse(stack), folder: '/elsewhere/.doubletake' })],
  ['has half written its file', '{"api_url": "http://127'],
])('a stack that %s counts as not running: nobody is asked in its place', (_what, content) => {
  const deep = checkoutWith(content);
  expect(() => serverAddress(undefined, {}, deep)).toThrow(
    expect.objectContaining({
      exitCode: 4,
      message: expect.stringMatching(/is not running.*"npm start".*--api or DOUBLETAKE_API/),
    }),
  );
  expect(() => databaseAddress({}, deep)).toThrow(/DATABASE_URL is not set/);
});

test('of a stack whose supervisor was killed the API may go on, and is the one that is meant', () => {
  const pids = { supervisor: gone, api: process.pid };
  const left = JSON.stringify({ ...api, pids, started: { supervisor: 'before', api: started } });
  expect(serverAddress(undefined, {}, checkoutWith(left)).url).toBe('http://127.0.0.1:3007');
});

test('keys are looked for in DATABASE_URL, then in the database of the stack; else one is told to set it', () => {
  const deep = checkoutWith(stack);
  expect(databaseAddress({ DATABASE_URL: 'postgres://mine' }, deep)).toBe('postgres://mine');
  expect(databaseAddress({}, deep)).toBe(api.database_url);
  expect(() => databaseAddress({}, checkoutWith('{}'))).toThrow(/DATABASE_URL is not set/);
});

/** Only root can make a file another user's. */
const asRoot = process.getuid?.() === 0 ? test : test.skip;

asRoot.each(['stack.json', '.'])('what another user may have written leads nowhere: their %s', (theirs) => {
  const deep = checkoutWith(stack);
  const folder = join(deep, '..', '..', '.doubletake');
  chownSync(join(folder, theirs), 65_534, 65_534);
  for (const look of [() => serverAddress(undefined, {}, deep), () => databaseAddress({}, deep)])
    expect(look).toThrow(/stack\.json belongs to another user.*Set DOUBLETAKE_API or --api/);
  expect(databaseAddress({ DATABASE_URL: 'postgres://mine' }, deep)).toBe('postgres://mine');
});
