import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createKnownSecrets } from '../../src/domain/known-secrets.ts';
import { credentialsIn } from '../../src/domain/own-credentials.ts';
import { redactLine } from '../../src/domain/redact-values.ts';

const awkward = fc.constantFrom(...'\\"\'@:/?#&=+% {}[]()$^.*|<>!~-_;,\tü€😀nut0Z');
/** Any characters that a line of the secrets file can hold. */
const secret = fc
  .oneof(
    fc.string({ unit: awkward, minLength: 6, maxLength: 20 }),
    fc.string({ unit: 'grapheme', minLength: 6, maxLength: 40 }),
  )
  .filter((value) => value.length >= 4 && !/[\r\n]/.test(value) && value.isWellFormed());

const percentAll = (value: string) =>
  [...new TextEncoder().encode(value)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
function urlWith(value: string): URL {
  const url = new URL('http://u@host');
  url.password = value;
  url.pathname = `/${value}`;
  url.search = value;
  return url;
}

/** What libraries make of a value: each is told how, and may be nested in another. */
const encodings: Record<string, (value: string) => string> = {
  'as it is': (value) => value,
  encodeURIComponent,
  'lower-case hexadecimal': (value) => encodeURIComponent(value).replace(/%../g, (hex) => hex.toLowerCase()),
  'every byte': percentAll,
  'encoded twice': (value) => encodeURIComponent(encodeURIComponent(value)),
  'a form': (value) => new URLSearchParams({ v: value }).toString().slice(2),
  'a password of URL': (value) => urlWith(value).password,
  JSON: (value) => JSON.stringify(value).slice(1, -1),
  'JSON in JSON': (value) => JSON.stringify(JSON.stringify(value)).slice(3, -3),
  'ASCII JSON': (value) =>
    JSON.stringify(value)
      .slice(1, -1)
      .replace(/[^\0-~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'what Node prints': (value) => inspect({ value }).slice("{ value: '".length, -"' }".length),
  'JSON of an address': (value) => JSON.stringify(urlWith(value).password).slice(1, -1),
};

/** The redaction is taken out, so that a secret that happens to be a part of its word does not count. */
const left = (text: string) => text.replaceAll('[redacted]', '\0');

test('a secret is redacted in whatever encoding it appears', () => {
  fc.assert(
    fc.property(secret, fc.constantFrom(...Object.keys(encodings)), (value, how) => {
      const known = createKnownSecrets();
      known.learn(value);
      const form = encodings[how]?.(value) as string;
      for (const text of [form, `Server says <${form}> is wrong`, `http://h/?a=${form}&b`, `"${form}"`]) {
        expect(left(known.hide(text))).not.toContain(form);
        expect(left(known.redact(text))).not.toContain(form);
      }
    }),
    { numRuns: 400 },
  );
});

test('a secret is redacted in Base64, alone and in Basic authorization', () => {
  fc.assert(
    fc.property(secret, fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (value, user, after) => {
      const known = createKnownSecrets();
      known.learn(value);
      for (const plain of [
        value,
        `${user}:${value}`,
        `${user}:${value}${after}`,
        encodeURIComponent(value),
      ]) {
        for (const encoding of ['base64', 'base64url'] as const) {
          const form = Buffer.from(plain).toString(encoding);
          const redacted = known.hide(`Authorization: x ${form} refused`);
          expect(redacted).toBe('Authorization: x [redacted] refused');
          const escaped = JSON.stringify(encodeURIComponent(form));
          expect(left(known.hide(escaped))).not.toContain(encodeURIComponent(form));
        }
      }
    }),
  );
});

test('of secrets that overlap nothing stays', () => {
  const known = createKnownSecrets();
  for (const value of ['hunter', 'hunter2hunter', '2hunter3']) known.learn(value);
  expect(known.hide('a hunter2hunter3 b')).toBe('a [redacted] b');
});

test('a password is redacted without its user or its address', () => {
  const known = createKnownSecrets();
  known.learn('admin:pa:ss%w');
  known.learn('rtsp://yard:hun%40ter2@10.0.0.5/1');
  expect(known.hide('401 for pa:ss%w, admin, hun@ter2, hun%40ter2')).toBe(
    '401 for [redacted], admin, [redacted], [redacted]',
  );
});

test('the beginning of a secret is redacted where a text was cut', () => {
  const known = createKnownSecrets();
  known.learn('correct horse battery');
  expect(known.hide('failed: correct horse ba')).toBe('failed: [redacted]');
  expect(known.hide('failed: correct%20horse%20b…')).toBe('failed: [redacted]…');
  expect(known.hide('that is correct')).toBe('that is correct');
});

test.each([
  ['rtsp://admin:hunter2@10.0.0.5/s: 401', 'rtsp://[redacted]@10.0.0.5/s: 401'],
  ['https://ghp_hunter2@host/x', 'https://[redacted]@host/x'],
  ['tcp//a:hunter2@b', 'tcp//[redacted]@b'],
  ['url=rtsp%3A%2F%2Fadmin%3Ahunter2%40host', 'url=rtsp%3A%2F%2F[redacted]%40host'],
  ['rtsp://admin:hun/ter2@10.0.0.5/s', 'rtsp://[redacted]@10.0.0.5/s'],
  ['rtsp://admin:hunter2', 'rtsp://[redacted]'],
  ['Authorization: Basic YWRtaW46aHVudGVyMg==', 'Authorization: Basic [redacted]'],
  ['GET /live?token=hunter2&x=1', 'GET /live?token=[redacted]&x=[redacted]'],
  ['GET /api/jobs?cursor=abc&limit=3', 'GET /api/jobs?cursor=[redacted]&limit=[redacted]'],
])('what looks like a secret of anybody’s is redacted: %s', (text, redacted) => {
  expect(createKnownSecrets().redact(text)).toBe(redacted);
});

test.each([
  'http://127.0.0.1:9000/bucket/a@b: ECONNREFUSED',
  'at file:///app/node_modules/@temporalio/common/lib/x.js:12:3',
  'connect http://[::1]:8080/x',
  'see http://host:80, http://b:81) or https://c.',
])('what is no secret stays readable: %s', (text) => {
  expect(createKnownSecrets().redact(text)).toBe(text);
});

test('a line of the log stays JSON, whatever the secret', () => {
  fc.assert(
    fc.property(fc.oneof(secret, fc.constantFrom('123456', '"ab":"', ':"xyz","')), (value) => {
      const known = createKnownSecrets();
      known.learn(value);
      const fields = { a: value, n: 12345, deep: [{ [value]: { text: `x${value}y`, n: 91234 } }], b: 'x' };
      const line = redactLine(`${JSON.stringify(fields)}\n`, known.redact);
      expect(line.endsWith('\n')).toBe(true);
      const texts: string[] = [];
      JSON.parse(line, (key, inner) => {
        texts.push(key, String(inner));
        return inner;
      });
      for (const text of texts) expect(left(text)).not.toContain(value);
    }),
    { numRuns: 1000 },
  );
});

test('a hostile text of a megabyte is redacted in one pass', () => {
  const known = createKnownSecrets();
  const key = Buffer.from(Array.from({ length: 3000 }, (_, at) => at % 251)).toString('base64');
  for (const value of ['\\'.repeat(9), 'aaaaaaaaaaaaaaaaaaab', '%%%%%%%%%%', key]) known.learn(value);
  // No time is measured: what read on from each place to the end would not come back within an hour.
  for (const text of ['\\', 'a', '%25', '//a:b', '%3A%2F%2F', '?a', 'YWFh', 'k', '/']) {
    expect(known.redact(text.repeat(1_000_000 / text.length)).length).toBeGreaterThan(0);
  }
});

test('credentials of the process itself are redacted, and a result may hold the same words', () => {
  const known = createKnownSecrets(['correct horse battery', 'doubletake']);
  expect(known.redact('no correct%20horse%20battery in doubletake')).toBe('no [redacted] in doubletake');
  expect(known.hide('correct horse battery')).toBe('correct horse battery');
  expect(known.any).toBe(false);
});

test('the credentials that the log leaves out are those of the environment, as written and as meant', () => {
  const env = { DATABASE_URL: 'postgres://u:p%40ss@db/d', AWS_SECRET_ACCESS_KEY: 's3', OIDC_ISSUER: 'x' };
  expect(credentialsIn(env)).toEqual(['p%40ss', 'p@ss', 's3']);
  expect(credentialsIn({}).join('')).toBe('');
});
