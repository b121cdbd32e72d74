import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { databaseAddress, serverAddress } from '../../src/cli/server-address.ts';

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

const stack = JSON.stringify({ api_url: 'http://127.0.0.1:3007', database_url: 'postgres://stack' });

test('the server named on the command line wins, then the environment, then the stack up the folders', () => {
  const deep = checkoutWith(stack);
  const env = { DOUBLETAKE_API: 'https://doubletake.example/' };
  expect(serverAddress('http://there:1', env, deep)).toEqual({ url: 'http://there:1', origin: '--api' });
  expect(serverAddress(undefined, env, deep).url).toBe('https://doubletake.example');
  expect(serverAddress(undefined, {}, deep).url).toBe('http://127.0.0.1:3007');
  expect(serverAddress(undefined, {}, deep).origin).toContain(join('.doubletake', 'stack.json'));
});

test('without any of them it is port 3000 of this machine', () => {
  expect(serverAddress(undefined, {}, newFolder()).url).toBe('http://127.0.0.1:3000');
});

test('a stack file that came with a copied checkout counts as none', () => {
  const copied = JSON.stringify({ api_url: 'http://127.0.0.1:3007', folder: '/somewhere/else/.doubletake' });
  expect(serverAddress(undefined, {}, checkoutWith(copied)).url).toBe('http://127.0.0.1:3000');
});

test('a stack file that is half written counts as none', () => {
  expect(serverAddress(undefined, {}, checkoutWith('{"api_url": "http://127')).url).toBe(
    'http://127.0.0.1:3000',
  );
});

test('keys are looked for in DATABASE_URL, then in the database of the stack; else one is told to set it', () => {
  const deep = checkoutWith(stack);
  expect(databaseAddress({ DATABASE_URL: 'postgres://mine' }, deep)).toBe('postgres://mine');
  expect(databaseAddress({}, deep)).toBe('postgres://stack');
  expect(() => databaseAddress({}, checkoutWith('{}'))).toThrow(/DATABASE_URL is not set/);
});
