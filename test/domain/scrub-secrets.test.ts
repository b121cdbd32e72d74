import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SecretMissing } from '../../src/domain/errors.ts';
import { redactLine, redactValues } from '../../src/domain/redact-values.ts';
import { scrub } from '../../src/domain/scrub-secrets.ts';

const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const base64 = base64url.replace('-_', '+/');
const random = (alphabet: string, length: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: length, maxLength: length });
const hex = random('0123456789abcdef', 64);

/** What of a text must not remain, and the text in which it is known by its looks, or by its name. */
interface Written {
  secret: string;
  text: string;
}

const apiKey = random(base64url, 43).filter((key) => /^[a-z_-]{0,15}[A-Z0-9]/.test(key));
const jwt = fc
  .tuple(random(base64url, 20), random(base64url, 60), random(base64url, 43))
  .map((parts) => parts.join('.'));
/** Characters that have to be escaped in an address are among those a password may have. */
const passwordSigns = fc.constantFrom(...'aZ09bcdefXYZ/"!$*+~^|#?%-_.');
const password = fc
  .string({ unit: passwordSigns, minLength: 8, maxLength: 24 })
  .filter(
    (value) => /^[a-zA-Z0-9].*[a-zA-Z0-9]$/.test(value) && /[a-zA-Z]{2}/.test(value) && !/^\d/.test(value),
  )
  .filter((value) => !/%[0-7][0-9a-f]/i.test(value));
const plainPassword = fc
  .string({ unit: fc.constantFrom(...'abcdefghXYZ0123456789-_.'), minLength: 8, maxLength: 24 })
  .filter((value) => /^[a-zA-Z][^.]*\d.*[a-zA-Z]$/.test(value));

const secrets: Record<string, fc.Arbitrary<Written>> = {
  'an API key': apiKey.map((secret) => ({ secret, text: `dt_${secret}` })),
  'a bearer token': fc
    .tuple(random(base64url, 40), fc.constantFrom('Bearer ', 'bearer ', 'Bearer+', 'Authorization: Bearer '))
    .map(([secret, scheme]) => ({ secret, text: `${scheme}${secret}` })),
  'a JSON Web Token': jwt.map((secret) => ({ secret, text: `eyJ${secret}` })),
  'an AWS key': random('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16).map((secret) => ({
    secret,
    text: `AKIA${secret}`,
  })),
  'an AWS signature': hex.map((secret) => ({ secret, text: `X-Amz-Signature=${secret}` })),
  'a signature in a header': hex.map((secret) => ({
    secret,
    text: `AWS4-HMAC-SHA256 Credential=x/2026/s3/aws4_request, SignedHeaders=host, Signature=${secret}`,
  })),
  'an S3 secret key': fc
    .tuple(
      random(base64, 40),
      fc.constantFrom('AWS_SECRET_ACCESS_KEY=', 'secretAccessKey=', 'aws_secret_access_key = '),
    )
    .map(([secret, name]) => ({ secret, text: name + secret })),
  'a database password': password.map((secret) => ({
    secret,
    text: `postgres://doubletake:${secret}@db.internal:5432/doubletake`,
  })),
  'a password without a user': password.map((secret) => ({ secret, text: `postgres://:${secret}@h` })),
  'a login of a camera': plainPassword.map((secret) => ({
    secret,
    text: `rtsp://admin:${secret}@10.0.0.5/1`,
  })),
  'a password by its name': plainPassword.map((secret) => ({ secret, text: `password=${secret}` })),
  'a webhook’s secret': random(base64, 32).map((secret) => ({ secret, text: `whsec_${secret}` })),
  'a webhook’s signature': random(base64, 43).map((secret) => ({ secret, text: `v1,${secret}=` })),
};

const json = (text: string) => JSON.stringify(text).slice(1, -1);
const contexts: Record<string, (text: string) => string> = {
  'as it is': (text) => text,
  'after letters': (text) => `abc${text}`,
  'after a digit': (text) => `7${text}`,
  'after an underscore': (text) => `old_${text}`,
  'in a sentence': (text) => `It was <${text}> and is refused.`,
  'in brackets': (text) => `refused (${text}).`,
  'on a line of several': (text) => `first line\n${text}\nlast line`,
  'after an escaped line end': (text) => `first line\\n${text}\\nlast line`,
  'in a query': (text) => `GET /api/jobs?token=a&x=${encodeURIComponent(text)}&limit=3`,
  'in an unencoded query': (text) => `https://host/api?token=dt_x&authorization=${text}`,
  'behind a query’s value': (text) => `GET /x?a=b%20${encodeURIComponent(text)}`,
  'in a query encoded twice': (text) =>
    `url=${encodeURIComponent(encodeURIComponent(`http://h/?u=${text}`))}`,
  'encoded alone': encodeURIComponent,
  'encoded twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'between encoded quotation marks': (text) => `%22${encodeURIComponent(text)}%22`,
  'in JSON': (text) => JSON.stringify({ a: { said: text }, b: 1 }),
  'in JSON in JSON': (text) => JSON.stringify({ body: JSON.stringify({ said: text }) }),
  'in JSON in JSON in JSON': (text) => json(json(JSON.stringify({ said: text }))),
  'in JSON, percent-encoded': (text) => encodeURIComponent(JSON.stringify({ said: text })),
  'in what Node prints': (text) => inspect({ said: text, headers: [text] }),
  'in a dump of headers': (text) => `host: h\r\nx-said: ${text}\r\naccept: */*`,
  'in XML': (text) =>
    `<Error><Said>${text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}</Said></Error>`,
  'in an error': (text) => `Error: cannot use ${text}\n    at open (file:///app/src/x.ts:12:3)`,
};

/** No five characters of the secret in a row may remain. */
function remainsOf(secret: string, text: string): string[] {
  const pieces = Array.from({ length: Math.max(1, secret.length - 4) }, (_, at) => secret.slice(at, at + 5));
  return pieces.filter((piece) => text.includes(piece));
}

test.each(Object.keys(secrets))('%s is taken out wherever it stands', (what) => {
  fc.assert(
    fc.property(
      secrets[what] as fc.Arbitrary<Written>,
      fc.constantFrom(...Object.keys(contexts)),
      (written, where) => {
        const text = contexts[where]?.(written.text) as string;
        expect([where, text, scrub(text), remainsOf(written.secret, scrub(text))]).toEqual([
          where,
          text,
          scrub(text),
          [],
        ]);
      },
    ),
    { numRuns: 400 },
  );
});

const named = fc.constantFrom(
  ...['authorization', 'x-api-key', 'cookie', 'set-cookie', 'DB_PASSWORD', 'password', 'secretAccessKey'],
  ...['client_secret', 'webhook_secret', 'token', 'refreshToken', 'x-amz-security-token', 'pwd', 'signature'],
);
const anyText = fc
  .string({ unit: 'grapheme', minLength: 6, maxLength: 30 })
  .filter((text) => /\w{5}/.test(text));

test('whatever a field holds that has the name of a secret is taken out of JSON, at any depth', () => {
  fc.assert(
    fc.property(named, anyText, (name, secret) => {
      const fields = { config: [{ deep: { [name]: secret, list: { [name]: [secret, 123456] } } }], n: 5 };
      const line = redactLine(`${JSON.stringify(fields)}\n`, scrub);
      expect(JSON.parse(line)).toEqual({
        config: [{ deep: { [name]: '[redacted]', list: { [name]: ['[redacted]', '[redacted]'] } } }],
        n: 5,
      });
      const plain = { deep: { [name]: secret, n: 5 } };
      for (const text of [JSON.stringify(plain), json(JSON.stringify(plain)), inspect(plain)]) {
        expect([
          text,
          remainsOf(secret.match(/\w{5}/)?.[0] as string, scrub(text).replaceAll('[redacted]', '')),
        ]).toEqual([text, []]);
      }
    }),
    { numRuns: 400 },
  );
});

const uuid = fc.uuid();
const word = fc.constantFrom(
  ...'the file was read and token of a photograph pass secret is password key signature authorization'.split(
    ' ',
  ),
  ...'credentials basic bearer tokens 7 12.5 % \\ "squats.mp4" (deep) author: Überblick 北京 data, state: done'.split(
    ' ',
  ),
);
const harmless = fc.oneof(
  fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' ')),
  uuid.map((id) => `jobs/${id}/measuring/annotated.jpg`),
  fc
    .tuple(uuid, fc.nat())
    .map(([id, n]) => JSON.stringify({ job_id: id, n, key: `jobs/${id}/x.json`, ok: true })),
  fc
    .nat(65535)
    .map((port) => `connect ECONNREFUSED 127.0.0.1:${port}, http://localhost:${port}/health/ready`),
  fc.nat(999).map((line) => `    at Object.open (file:///app/node_modules/@temporalio/x/lib/y.js:${line}:3)`),
  fc.nat(999).map((n) => `{"kind":"technique","attempt":${n},"auth":"on","stage":"QUICK_PASS"}`),
  hex.map((sha) => `sha256 ${sha}`),
  fc.constantFrom(
    'write {secret:NAME} in its place',
    'DOUBLETAKE_AUTH is "off"; expected on',
    'https://docs.temporal.io/develop/environment-configuration',
    'mail coach@example.org, or see https://example.org/a/b@2x.png',
    'Bearer realm="doubletake", error="invalid_token"',
    'the password: it has expired, and the token: invalid',
    'write --password and the next word, or use --token to sign in',
    'deep_pass: finished, quickPass = 3, low-pass: butterworth, bypass: everything',
    '{"pass":"quick","deepPass":{"frames":300},"bypass":"everything","low_pass":"butterworth"}',
    '{"name":"squats.mp4","value":"12.5"} ["pass","deep"] ["quick_pass","QUICK_PASS"]',
    'if (token === expected && key == 3) return a ? b : c',
    '100%2 of 50 % is "%d"',
  ),
);

test('text without secrets is unchanged', () => {
  fc.assert(
    fc.property(fc.array(harmless, { minLength: 1, maxLength: 4 }), (texts) => {
      const text = texts.join('\n');
      expect(scrub(text)).toBe(text);
    }),
    { numRuns: 1000 },
  );
});

test('of the addresses of requests the names stay and the values go', () => {
  expect(scrub('GET /api/jobs?cursor=abc&limit=3#top')).toBe(
    'GET /api/jobs?cursor=[redacted]&limit=[redacted]#top',
  );
  expect(scrub('https://host/hook?hunter2 refused')).toBe('https://host/hook?[redacted] refused');
});

const letters = random('abcdefghijklmnopqrstuvwxyz', 16);
const headerName = fc.constantFrom(
  'Cookie',
  'Authorization',
  'X-Api-Key',
  'x-auth-token',
  'webhook-signature',
);
const fieldName = fc.constantFrom('password', 'DB_PASSWORD', 'token', 'apiKey', 'client_secret', 'Cookie');

/** Shapes in which the name of a secret is a value itself, or stands before it without a sign. */
const pairs: Record<string, (header: string, field: string, secret: string) => object> = {
  'raw headers': (header, _, secret) => ({ rawHeaders: ['Host', 'h:1', header, secret, 'Accept', '*/*'] }),
  'entries of headers': (header, _, secret) => ({ headers: [[header, secret]] }),
  'a name and its value': (_, field, secret) => ({ list: [{ name: field, value: secret }] }),
  'a key and its value': (_, field, secret) => ({ key: field, required: true, value: secret }),
  'a value and its name': (_, field, secret) => ({ value: secret, name: field }),
  'a header and its values': (header, _, secret) => ({ header, values: [secret] }),
  arguments: (_, field, secret) => ({ spawnargs: ['psql', `--${field}`, secret, '-q'] }),
};

test.each(Object.keys(pairs))(
  '%s: the value that another names is taken out, of fields and of texts',
  (what) => {
    fc.assert(
      fc.property(headerName, fieldName, fc.oneof(anyText, letters), (header, field, text) => {
        const piece = 'zqxjkv';
        const secret = text + piece;
        const shape = pairs[what]?.(header, field, secret) as object;
        const line = redactLine(`${JSON.stringify({ shape, n: 5 })}\n`, scrub);
        expect([line, line.includes(piece)]).toEqual([line, false]);
        expect(JSON.parse(line)).toMatchObject({ n: 5 });
        if (what === 'a header and its values') return;
        for (const said of [
          JSON.stringify(shape),
          json(JSON.stringify(shape)),
          inspect(shape, { depth: 9 }),
        ]) {
          expect([said, scrub(said).includes(piece)]).toEqual([said, false]);
        }
      }),
      { numRuns: 300 },
    );
  },
);

test('letters alone are a secret after a name, where no sentence goes on', () => {
  const shapes = (name: string, secret: string) => [
    ...[`${name}: ${secret}`, `${name}: ${secret}\naccept: */*`, `curl -H '${name}: ${secret}' http://h`],
    ...[`--${name} ${secret}`, `psql --${name} "${secret}" -q`, `login (${name}: ${secret}) failed`],
  ];
  fc.assert(
    fc.property(fc.oneof(headerName, fieldName), letters, (name, secret) => {
      for (const text of [...shapes(name, secret), ...shapes(name, secret.slice(0, 7))]) {
        expect([text, remainsOf(secret.slice(0, 7), scrub(text))]).toEqual([text, []]);
      }
    }),
  );
});

test('what surrounds a secret stays', () => {
  expect(scrub('DATABASE_URL=postgres://dt:p"w/x@db:5432/dt is refused')).toBe(
    'DATABASE_URL=postgres://[redacted]@db:5432/dt is refused',
  );
  expect(scrub('{"password":"a\\"b","file":"squats.mp4"}')).toBe(
    '{"password":"[redacted]","file":"squats.mp4"}',
  );
  expect(scrub('user=doubletake password=geheim host=db')).toBe(
    'user=doubletake password=[redacted] host=db',
  );
  expect(scrub('token%3Ddt_abc%26job%3D5')).toBe('token%3D[redacted]%26job%3D[redacted]');
});

test('what was scrubbed once stays as it is', () => {
  const all = fc.oneof(...Object.values(secrets));
  fc.assert(
    fc.property(all, ({ text }) => {
      const once = scrub(text);
      expect(scrub(once)).toBe(once);
    }),
  );
});

test('numbers and switches of fields stay what they are', () => {
  const fields = { failures: { Unexpected: 2 }, tokens: 5, frames: [1, 2], ok: true, none: null };
  expect(redactValues(fields, scrub)).toBe(fields);
});

test('the words of the domain are no names of secrets', () => {
  const words = {
    artifact: { pass: 'deep', name: 'keypoints.csv', value: 'present' },
    ...{
      deepPass: { frames: 300, stage: 'DEEP' },
      quick_pass: 'finished',
      low_pass: 'butterworth',
      bypass: 'all',
    },
    passes: [{ pass: 'quick', keeps: ['findings', 'report'] }],
    ...{ auth: 'off', list: ['token', 'of', 'a', 'pass'], key: 'jobs/1/x.json', header: 'name' },
    err: { ...new SecretMissing('YARD', 'Retry.') },
  };
  expect(redactValues(words, scrub)).toBe(words);
});

test.each(['pass', 'db_pass', 'userPass', 'user-pass', 'smtp_pass'])(
  'a query’s or a login’s %s is one',
  (name) => {
    expect(scrub(`rtsp://h/?${name}=hunter2`)).toBe(`rtsp://h/?${name}=[redacted]`);
    expect(scrub(`rtsp://h/user=a&${name}=hunter2`)).toBe(`rtsp://h/user=a&${name}=[redacted]`);
    if (name !== 'pass') expect(redactValues({ [name]: 'hunter2' }, scrub)).toEqual({ [name]: '[redacted]' });
  },
);

test('a line of a megabyte is read once: no search goes on from each place to the end', () => {
  // No time is measured: what is quadratic would not come back within an hour.
  for (const piece of [
    ...[
      '//a:b',
      '//a',
      '///',
      'http:',
      'eyJ',
      'dt_',
      'whsec_',
      'bearer ',
      'basic+',
      'v1,',
      'AKIA',
      '?a=',
      '&a',
      '%2525',
    ],
    ...[
      'password=',
      'password:"',
      '"token":"\\"',
      'token>',
      '\\"',
      '\\\\',
      '&amp;',
      'a://b',
      'sig',
      '-----BEGIN PRIVATE KEY-----',
    ],
    ...[
      'name: "password", value: "',
      'value: "',
      '"Cookie","',
      '["x-token", \'',
      '--password ',
      'password: aaaaaa',
    ],
    ...['authorization: bearer ', 'cookie: a=', 'password=a&b', 'password=a;', 'x@', ':', '{secret:'],
  ]) {
    const line = `${piece.repeat(Math.ceil(1_000_000 / piece.length))} password=hunter2hunter2`;
    const scrubbed = scrub(line);
    expect(scrubbed.length).toBeLessThan(6 * line.length);
    expect(remainsOf('hunter2hunter2', scrubbed)).toEqual([]);
  }
});
