import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Answered } from '../../../src/activities/webhook/post-outside.ts';
import { openTlsReceiver, type Receiver } from './receiver.ts';
import { selfSigned } from './self-signed.ts';

const run = promisify(execFile);
let ours: ReturnType<typeof selfSigned>;
let elsewhere: ReturnType<typeof selfSigned>;
let receiver: Receiver | undefined;
beforeAll(() => {
  ours = selfSigned('IP:127.0.0.1');
  elsewhere = selfSigned('DNS:example.org');
});
afterEach(() => receiver?.close());
afterAll(() => {
  ours?.remove();
  elsewhere?.remove();
});

async function post({ url }: Receiver, trusted?: string): Promise<Answered> {
  const script = join(import.meta.dirname, 'post-once.ts');
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { stdout } = await run(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', script, url, '{"ä":1}'],
    {
      env: { ...env, ...(trusted && { NODE_EXTRA_CA_CERTS: trusted }) },
    },
  );
  return JSON.parse(stdout);
}

test('over TLS a receiver whose certificate the worker trusts hears it, body, headers and all', async () => {
  receiver = await openTlsReceiver(ours.tls, 201);
  expect(receiver.url).toMatch(/^https:/);
  expect(await post(receiver, ours.path)).toMatchObject({ status_code: 201, error: null });
  expect(receiver.received).toEqual([
    { path: '/told?of=jobs', headers: expect.objectContaining({ 'webhook-id': 'x' }), body: '{"ä":1}' },
  ]);
});

test('one whose certificate nobody vouches for is sent nothing, and the try says why', async () => {
  receiver = await openTlsReceiver(ours.tls, 201);
  const { status_code, error } = await post(receiver);
  expect([status_code, error]).toEqual([null, expect.stringMatching(/certificate/)]);
  expect(receiver.received).toEqual([]);
});

test('one that shows a trusted certificate of somebody else’s is sent nothing', async () => {
  receiver = await openTlsReceiver(elsewhere.tls, 201);
  const { status_code, error } = await post(receiver, elsewhere.path);
  expect([status_code, error]).toEqual([null, 'Nobody took it: its certificate is for another name.']);
  expect(receiver.received).toEqual([]);
});
