import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningService, startService } from '../support/running-service.ts';
import { doubletake } from './run-cli.ts';

let service: RunningService;
const settings = () => ({
  DOUBLETAKE_API: service.url(''),
  DATABASE_URL: service.environment.DATABASE_URL as string,
});
beforeAll(async () => {
  service = await startService({ idle: true, environment: { DOUBLETAKE_AUTH: 'on' } });
});
afterAll(() => service?.stop());

const ask = (args: string[], key?: string) =>
  doubletake(args, { env: { ...settings(), ...(key && { DOUBLETAKE_API_KEY: key }) } });

test('without a key one is told what to set', async () => {
  const { code, stderr } = await ask(['jobs']);
  expect(code).toBe(2);
  expect(stderr).toContain('DOUBLETAKE_API_KEY');
});

test('a key is printed once, opens the API to its user, and is closed by revoking it', async () => {
  const created = await ask(['keys', 'create', '--user', 'coach-7', '--label', 'laptop', '--days', '30']);
  expect(created.code).toBe(0);
  const key = created.stdout.trim();
  expect(key).toMatch(/^dt_[\w-]{43}$/);
  expect(created.stderr).not.toContain(key);
  expect(await ask(['jobs'], key)).toMatchObject({ code: 0, stdout: 'No jobs.\n' });

  const listed = await ask(['keys', 'list', '--user', 'coach-7', '--json']);
  expect(listed.stdout).not.toContain(key);
  const [{ id, label, revoked_at }] = JSON.parse(listed.stdout).items;
  expect({ label, revoked_at }).toEqual({ label: 'laptop', revoked_at: null });

  expect(await ask(['keys', 'revoke', id])).toMatchObject({ code: 0 });
  const after = await ask(['jobs'], key);
  expect(after).toMatchObject({ code: 2, stderr: expect.stringMatching(/revoked/) });
});

test('a key that does not exist cannot be revoked', async () => {
  expect(await ask(['keys', 'revoke', '5f0c7b4e-0000-4000-8000-000000000000'])).toMatchObject({ code: 2 });
  expect(await ask(['keys', 'revoke', 'laptop'])).toMatchObject({ code: 2 });
});

test('a database that is away is told without its password', async () => {
  const { code, stderr } = await doubletake(['keys', 'list'], {
    env: { DATABASE_URL: 'postgres://someone:secret@127.0.0.1:1/doubletake' },
  });
  expect(code).toBe(4);
  expect(stderr).toContain('doubletake at 127.0.0.1:1');
  expect(stderr).not.toContain('secret');
});
