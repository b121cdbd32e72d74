import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { findProgram, type Program, type Source } from '../../stack/binaries/find.ts';

let folder: string;
let titles: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doubletake-find-'));
  titles = [];
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that says `word`. */
function put(path: string, word = 'tool 2'): string {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho ${word}\n`);
  chmodSync(path, 0o755);
  return path;
}

function source(title: string, outcome: 'works' | 'fails' | 'fetches rubbish'): Source {
  return {
    title,
    async fetch(target) {
      if (outcome === 'fails') throw new Error(`${title} cannot be reached`);
      put(target, outcome === 'works' ? 'tool 2' : 'sorry');
    },
  };
}

function tool(...sources: Source[]): Program {
  const proof = { args: ['--version'], says: /tool 2/ };
  return { title: 'Tool', file: 'tool', variable: 'TOOL', proof, sources, remedy: 'Install Tool.' };
}

const step = <T>(title: string, work: () => Promise<T>): Promise<T> => {
  titles.push(title);
  return work();
};

function find(program: Program, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const PATH = `/usr/bin:/bin:${join(folder, 'path')}`;
  return findProgram(program, step, { env: { PATH, DOUBLETAKE_CACHE: join(folder, 'cache'), ...env } });
}

test('the variable goes before PATH, PATH before the cache', async () => {
  const [named, onPath, cached] = ['named/tool', 'path/tool', 'cache/bin/tool'].map((path) =>
    put(join(folder, path)),
  );
  expect(await find(tool(), { TOOL: named })).toBe(named);
  expect(await find(tool())).toBe(onPath);
  rmSync(onPath as string);
  expect(await find(tool())).toBe(cached);
});

test('a variable that names something else is an error, not passed over', async () => {
  put(join(folder, 'path/tool'));
  const wrong = put(join(folder, 'wrong'), 'tool 1');
  await expect(find(tool(), { TOOL: wrong })).rejects.toThrow(
    /TOOL is ".*wrong", .*version too old.*Correct or unset/,
  );
  await expect(find(tool(), { TOOL: '/nowhere' })).rejects.toThrow(/no such file/);
});

test('one on PATH that is too old is passed over', async () => {
  put(join(folder, 'path/tool'), 'tool 1');
  expect(await find(tool(source('download', 'works')))).toBe(join(folder, 'cache/bin/tool'));
});

test('sources are tried in order; what one brings must work; nothing half made is left', async () => {
  const program = tool(
    source('first', 'fails'),
    source('second', 'fetches rubbish'),
    source('third', 'works'),
  );
  const said = jest.spyOn(console, 'error').mockImplementation(() => {});
  const found = await find(program);
  expect(said.mock.calls.flat()).toEqual([
    'Tool: first cannot be reached. Instead: second.',
    'Tool: it is another program, or a version too old. Instead: third.',
  ]);
  said.mockRestore();
  expect(readFileSync(found, 'utf8')).toContain('tool 2');
  expect(titles).toEqual(['Tool: first', 'Tool: second', 'Tool: third']);
  expect(readdirSync(join(folder, 'cache'))).toEqual(['bin']);
  expect(readdirSync(join(folder, 'cache/bin'))).toEqual(['tool']);
});

test('when nothing works the message says what was tried and what to do', async () => {
  const program = tool(source('first', 'fails'), source('second', 'fetches rubbish'));
  await expect(find(program)).rejects.toThrow(
    /Tool was not found[\s\S]*first: first cannot be reached[\s\S]*second: it is another program[\s\S]*Install Tool\./,
  );
});

test('of two that want it at once, one fetches', async () => {
  let fetches = 0;
  const slow: Source = {
    title: 'slow',
    async fetch(target) {
      fetches++;
      await new Promise((wake) => setTimeout(wake, 300));
      put(target);
    },
  };
  const [one, other] = await Promise.all([find(tool(slow)), find(tool(slow))]);
  expect(one).toBe(other);
  expect(fetches).toBe(1);
});

test('an interrupted fetch leaves nothing behind', async () => {
  const stopping = new AbortController();
  const hanging: Source = {
    title: 'hanging',
    fetch: (_target, _folder, { signal }) =>
      new Promise((_, fail) => signal?.addEventListener('abort', () => fail(signal.reason))),
  };
  const env = { PATH: '/usr/bin:/bin', DOUBLETAKE_CACHE: join(folder, 'cache') };
  const finding = findProgram(tool(hanging, source('next', 'works')), step, { env, signal: stopping.signal });
  setTimeout(() => stopping.abort(), 50);
  await expect(finding).rejects.toThrow(/abort/i);
  expect(existsSync(join(folder, 'cache/bin/tool'))).toBe(false);
  expect(readdirSync(join(folder, 'cache/bin'))).toEqual([]);
});
