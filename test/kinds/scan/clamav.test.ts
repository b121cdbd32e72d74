import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openClamav } from '../../../src/activities/scan/ask-clamav.ts';
import { type Clamd, startClamd } from './support/clamd.ts';

/** Debian's daemon, with a signature of the tests' own. */

const marker = Buffer.from('doubletake: the words that the signature is of');
const MiB = 1024 ** 2;
const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'doubletake-clamav-'));
let clamd: Clamd;

beforeAll(async () => {
  const hex = (text: string | Buffer) => Buffer.from(text).toString('hex');
  const signatures = [
    `Doubletake.Marker:0:*:${hex(marker)}`,
    `PUA.Doubletake.Supposed:0:*:${hex('nobody may want this one')}`,
  ];
  clamd = await startClamd({ 'ours.ndb': signatures.join('\n') }, [
    'MaxFileSize 10M',
    'StreamMaxLength 16M',
    'AlertExceedsMax yes',
    'DetectPUA yes',
  ]);
}, 120_000);
afterAll(async () => {
  await clamd?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const open = (maxBytes = 100 * MiB) => openClamav({ address: { path: clamd.socket }, maxBytes, seconds: 30 });
function file(bytes: Uint8Array) {
  const key = join(folder, 'file');
  writeFileSync(key, bytes);
  return { key, name: 'file', path: 'a.zip/file', size: bytes.length };
}

test('what it knows is malicious, by its name and in our place', async () => {
  expect(await open().ask(file(Buffer.concat([Buffer.alloc(100), marker])), never)).toMatchObject({
    name: 'clamav',
    category: 'malicious',
    score: 1000,
    findings: [{ id: 'clamav.Doubletake.Marker', where: { path: 'a.zip/file' } }],
  });
  expect(await open().ask(file(Buffer.from('nobody may want this one')), never)).toMatchObject({
    category: 'suspicious',
  });
  expect(await open().ask(file(Buffer.from('nothing')), never)).toMatchObject({
    category: 'undetected',
    findings: [],
  });
  expect(await open().version()).toMatch(/^ClamAV \d/);
});

test('what lies beyond its limits is never OK', async () => {
  const hidden = (bytes: number) => file(Buffer.concat([Buffer.alloc(bytes), marker]));
  // Beyond MaxFileSize, beyond StreamMaxLength, and beyond what the operator says its limit is.
  for (const [bytes, maxBytes] of [[11 * MiB], [17 * MiB], [2 * MiB, MiB]] as const) {
    expect(await open(maxBytes).ask(hidden(bytes), never)).toMatchObject({
      category: 'incomplete',
      findings: [],
      reasons: [expect.stringMatching(/ClamAV/)],
    });
  }
});

test('a daemon that is gone is a failure, and says nothing of where it was', async () => {
  await clamd.kill();
  const stage = await open().ask(file(marker), never);
  expect(stage).toMatchObject({
    category: 'failure',
    reasons: [expect.stringContaining('cannot be reached')],
  });
  expect(JSON.stringify(stage)).not.toContain(clamd.socket);
  expect(await open().version()).toBeNull();
});
