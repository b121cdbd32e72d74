import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createKnownSecrets } from '../../src/domain/known-secrets.ts';
import { openLog } from '../../src/worker/open-log.ts';
import { openSecrets } from '../../src/worker/open-secrets.ts';
import { parseSecrets } from '../../src/worker/secrets-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doubletake-secrets-'));
  path = join(folder, 'secrets');
});
afterEach(() => rm(folder, { recursive: true }));

async function write(text: string | Uint8Array, mode = 0o600): Promise<void> {
  await writeFile(path, text);
  await chmod(path, mode);
}

function open(at: string | undefined = path) {
  const warnings: string[] = [];
  const known = createKnownSecrets();
  const log = { warn: (_fields: object, message: string) => warnings.push(message) };
  return { known, log, warnings, secrets: openSecrets(at, { known, log }) };
}

test('a value goes to the end of its line', () => {
  const text = '\uFEFF# cameras\r\n\r\n  # more\r\nYARD= a=b "c" # d \r\nGATE.1=pässword\n'.slice(1);
  expect([...parseSecrets(text, 'YARD')]).toEqual([
    ['YARD', ' a=b "c" # d '],
    ['GATE.1', 'pässword'],
  ]);
});

test.each([
  ['a line without =', 'hunter2hunter2'],
  ['a space in the name', 'YARD =hunter2'],
  ['no name', '=hunter2'],
  ['a value of three characters', 'YARD=hun'],
  ['no value', 'YARD='],
  ['a name given twice', 'GATE=hunter2'],
])('%s is named by its line, and the value is not repeated', (_what, line) => {
  const parse = () => parseSecrets(`# x\nGATE=hunter1\n${line}\n`, 'YARD');
  expect(parse).toThrow(/"YARD".*Line 3 of the file that DOUBLETAKE_SECRETS_FILE names at the workers: /);
  expect(parse).not.toThrow(/hun/);
});

test('a text is filled, and what was read is redacted from then on', async () => {
  await write('YARD=p@ss word\nGATE=other-secret\n');
  const { secrets, known, warnings } = open();
  expect(await secrets.fill('rtsp://admin:{secret:YARD}@h/1', 'options.url')).toBe(
    'rtsp://admin:p%40ss%20word@h/1',
  );
  expect(secrets.redact('p@ss+word, p%40ss%20word, other-secret')).toBe('[redacted], [redacted], [redacted]');
  expect([known.any, warnings]).toEqual([true, []]);
});

test('a text that names no secret needs no file', async () => {
  expect(await openSecrets(undefined, open()).fill('rtsp://h/1', 'options.url')).toBe('rtsp://h/1');
});

test('a rotated secret is used without a restart, and both values stay redacted', async () => {
  await write('YARD=first-value\n');
  const { secrets } = open();
  const fill = () => secrets.fill('{secret:YARD}', 'options.url');
  expect([await fill(), await fill()]).toEqual(['first-value', 'first-value']);
  await writeFile(`${path}.new`, 'YARD=other-value\n', { mode: 0o600 });
  await rename(`${path}.new`, path);
  expect(await fill()).toBe('other-value');
  expect(secrets.redact('first-value other-value')).toBe('[redacted] [redacted]');
});

test.each<[string, () => Promise<string | undefined>, RegExp]>([
  ['no setting', async () => undefined, /"YARD".*no DOUBLETAKE_SECRETS_FILE/],
  ['no file', async () => path, /The file cannot be read: it is not there\. .*DOUBLETAKE_SECRETS_FILE/],
  ['a folder', async () => folder, /cannot be read: it is no file/],
  ['no such name', () => write('GATE=hunter2\n').then(() => path), /"YARD".*DOUBLETAKE_SECRETS_FILE/],
  ['no UTF-8', () => write(Buffer.from('YARD=\xff\xfe\xfd\xfc', 'latin1')).then(() => path), /is not UTF-8/],
])('%s is a missing secret, with what to do', async (_what, at, message) => {
  const given = await at();
  const secrets = openSecrets(given, open());
  await expect(secrets.fill('{secret:YARD}', 'options.url')).rejects.toMatchObject({
    type: 'SecretMissing',
    secret_name: 'YARD',
    retryable: false,
    message: expect.stringMatching(message),
  });
});

test('a malformed reference is not used as it is', async () => {
  await write('YARD=hunter2\n');
  await expect(open().secrets.fill('rtsp://{secret:a b}@h', 'options.url')).rejects.toMatchObject({
    type: 'InvalidRequest',
  });
});

const onPosix = process.platform === 'win32' ? test.skip : test;
onPosix('a file that others may read is used, with one warning', async () => {
  await write('YARD=hunter2\n', 0o640);
  const { secrets, warnings } = open();
  for (let time = 0; time < 3; time++) expect(await secrets.fill('{secret:YARD}', 'f')).toBe('hunter2');
  expect(warnings).toEqual([expect.stringContaining('chmod 600')]);
});

test('no line of the log has a secret that was read', async () => {
  const value = 'p"w\\ :@1234';
  await write(`YARD=${value}\n`);
  const { secrets, known } = open();
  const filled = await secrets.fill('rtsp://admin:{secret:YARD}@h/1?x={secret:YARD}', 'options.url');
  let lines = '';
  const to = new Writable({
    write(chunk, _encoding, done) {
      lines += chunk;
      done();
    },
  });
  const log = openLog('trace', to, known.redact);
  const err = Object.assign(new Error(filled, { cause: new Error(value) }), { url: filled });
  log.error({ err, camera: { url: filled, deep: [{ [value]: value }] } }, filled);
  log.child({ url: filled }).info(`Basic ${Buffer.from(`admin:${value}`).toString('base64')}`);
  expect(lines).not.toContain('1234');
  expect(lines).not.toContain(Buffer.from(`admin:${value}`).toString('base64').slice(6, 14));
  for (const line of lines.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
});
