import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { InvalidConfiguration, loadConfig as load, settingNames, variablesWith } from '../src/config.ts';
import { kinds } from '../src/domain/kinds/index.ts';
import { formPartBytes } from '../src/storage/put-stream.ts';
import { proofKinds } from './support/proof/definition.ts';

const loadConfig = (env: Parameters<typeof load>[0]) => load(env, kinds);

const least = { DATABASE_URL: 'postgres://someone:geheim@db/doubletake' };

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof InvalidConfiguration) return error.problems;
    throw error;
  }
  return [];
}

test('a database address is enough', () => {
  const config = loadConfig(least);
  expect(config.http).toEqual({ host: '127.0.0.1', port: 3000 });
  expect(config.temporal).toMatchObject({ address: '127.0.0.1:7233', namespace: 'default' });
  expect(config.queues).toEqual({ main: 'doubletake', serve: 'all', liveSlots: 8 });
  expect(config.auth).toEqual({ required: true, oidc: undefined });
  expect(config.retentionDays).toMatchObject({ technique: 365, measurement: 365 });
  expect(Object.keys(config.retentionDays)).toEqual([...kinds.names]);
});

test('an empty variable counts as not set', () => {
  expect(loadConfig({ ...least, DOUBLETAKE_PORT: '', OIDC_ISSUER: '' }).http.port).toBe(3000);
});

test('every bad variable is named, with what was expected', () => {
  const problems = problemsOf({
    DATABASE_URL: 'mysql://db',
    DATABASE_POOL_MAX: '0',
    DOUBLETAKE_PORT: '70000',
    DOUBLETAKE_QUEUES: 'some',
    DOUBLETAKE_SEGMENT_FRAMES: '59',
    DOUBLETAKE_MAX_PIXELS: '1.5',
    DOUBLETAKE_RETENTION_DAYS: 'holiday=3',
    OIDC_JWKS_URL: 'keys',
  });
  expect(problems).toEqual([
    'DATABASE_URL is wrong; expected an address that starts with postgres:// or postgresql://',
    'DATABASE_POOL_MAX is "0"; expected a whole number from 1 to 1000',
    'DOUBLETAKE_PORT is "70000"; expected a port, 0 to 65535',
    'OIDC_JWKS_URL is wrong; expected an address that starts with http:// or https://',
    'DOUBLETAKE_QUEUES is "some"; expected all, main, compute or live',
    'DOUBLETAKE_SEGMENT_FRAMES is "59"; expected a whole number from 60 to 100000',
    'DOUBLETAKE_MAX_PIXELS is "1.5"; expected a whole number from 1 to 268402689',
    `DOUBLETAKE_RETENTION_DAYS is "holiday=3"; expected pairs like technique=365 with commas between them, of 1 to 36500 days; kinds are ${kinds.names.join(', ')}`,
  ]);
});

test('a password in an address is not repeated in the message', () => {
  expect(problemsOf({ DATABASE_URL: 'mysql://someone:geheim@db' }).join()).not.toContain('geheim');
});

/** Every variable that is read as a number, with the bounds of its schema. */
const numbers = Object.entries(
  z.toJSONSchema(variablesWith(kinds), { io: 'output', unrepresentable: 'any' }).properties ?? {},
).flatMap(([variable, schema]) => {
  if (typeof schema !== 'object' || !['number', 'integer'].includes(String(schema.type))) return [];
  return [{ variable, least: schema.minimum, most: schema.maximum }];
});

test.each(numbers)('$variable takes its least and its most, and nothing beyond', (bounds) => {
  const { variable, least: fewest, most } = bounds as { variable: string; least: number; most: number };
  expect([fewest, most].every(Number.isSafeInteger)).toBe(true);
  const read = (n: number) => {
    const given = { ...least, [variable]: String(n) };
    loadConfig(given);
    return variablesWith(kinds).parse(given)[variable as 'DATABASE_POOL_MAX'];
  };
  expect([read(fewest), read(most)]).toEqual([fewest, most]);
  for (const beyond of [fewest - 1, most + 1]) {
    const words = new RegExp(`^${variable} is (?:wrong|"${beyond}"); expected .*\\b${fewest} to ${most}$`);
    expect(problemsOf({ ...least, [variable]: String(beyond) })).toEqual([expect.stringMatching(words)]);
  }
});

test('jobs are kept for one day or for a hundred years, and neither less nor more', () => {
  const days = (n: number) => ({ ...least, DOUBLETAKE_RETENTION_DAYS: `technique=${n}` });
  expect(loadConfig(days(1)).retentionDays).toEqual({ technique: 1 });
  expect(loadConfig(days(36_500)).retentionDays).toEqual({ technique: 36_500 });
  for (const beyond of [0, 36_501])
    expect(problemsOf(days(beyond))).toEqual([expect.stringContaining('of 1 to 36500 days')]);
});

const digits = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 40 }),
  fc.nat(400_000_000).map(String),
  fc.bigInt(0n, 1n << 60n).map(String),
  fc.constantFrom('1e30', '-1', '1.5', 'Infinity', 'NaN', '0x10', '٣', ' 7', '9007199254740993'),
);

const numeric = [...numbers.map(({ variable }) => variable), 'DOUBLETAKE_RETENTION_DAYS'];

test('no number that is taken is more than what it is used for can bear', () => {
  fc.assert(
    fc.property(fc.constantFrom(...numeric), digits, (variable, text) => {
      const value = variable === 'DOUBLETAKE_RETENTION_DAYS' ? `technique=${text}` : text;
      let config: ReturnType<typeof loadConfig>;
      try {
        config = loadConfig({ ...least, [variable]: value });
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidConfiguration);
        expect((error as InvalidConfiguration).problems).toEqual([
          expect.stringMatching(new RegExp(`^${variable} is ".*"; expected .*\\d`)),
        ]);
        return;
      }
      const { limits, compute, queues, database, http } = config;
      const days = Math.max(...Object.values(config.retentionDays));
      const all = [...Object.values(limits), compute.cacheBytes, compute.segmentFrames, compute.concurrency];
      for (const n of [...all, queues.liveSlots, database.poolMax, days]) {
        expect(Number.isSafeInteger(n) && n > 0).toBe(true);
      }
      // The oldest date of PostgreSQL, and of ours; what Node waits for at most; the longest duration in Temporal.
      const ago = (seconds: number) => Date.now() - seconds * 1000;
      expect(new Date(ago(days * 86_400)).getUTCFullYear()).toBeGreaterThan(1900);
      expect(new Date(ago(config.orphanGraceHours * 3600)).getUTCFullYear()).toBeGreaterThan(1900);
      expect(config.reconcileSeconds * 1000).toBeLessThan(2 ** 31);
      expect(Math.ceil(limits.uploadBytes / formPartBytes)).toBeLessThanOrEqual(10_000);
      // C's `int`, in which libraries count pixels.
      expect(Math.max(limits.pixels, limits.imagePixels)).toBeLessThan(2 ** 31);
      expect(http.port).toBeLessThanOrEqual(65_535);
    }),
    { numRuns: 2000 },
  );
});

const hosts = [
  '127.999.1.1',
  '256.1.1.1',
  '1.2.3',
  'a..b',
  '-a.b',
  'a b',

  '[::1',
  'x'.repeat(64),
  '::g',
];
test.each(hosts)('"%s" is no host', (host) => {
  expect(problemsOf({ ...least, DOUBLETAKE_HOST: host })).toEqual([
    `DOUBLETAKE_HOST is "${host}"; expected an IP address or the name of a host`,
  ]);
  expect(problemsOf({ ...least, DOUBLETAKE_WORKER_METRICS: `${host}:9464` }).join()).toContain(
    'WORKER_METRICS',
  );
  expect(problemsOf({ ...least, TEMPORAL_ADDRESS: `${host}:7233` }).join()).toContain('TEMPORAL_ADDRESS');
  expect(problemsOf({ DATABASE_URL: `postgres://u@${host}/d` }).join()).toContain('DATABASE_URL');
  expect(problemsOf({ ...least, AWS_ENDPOINT_URL_S3: `http://${host}:9000` }).join()).toMatch(
    host === '1.2.3' ? /^$/ : /AWS_ENDPOINT_URL_S3/,
  );
});

test('real hosts and ports are taken, others are not', () => {
  const host = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.domain(),
    fc.constantFrom('localhost', 'db', 'my_db.svc', 'a.b.'),
  );
  fc.assert(
    fc.property(host, fc.nat(99_999), (name, port) => {
      const at = name.includes(':') ? `[${name}]:${port}` : `${name}:${port}`;
      const taken = (variables: Record<string, string>) =>
        problemsOf({ ...least, ...variables }).length === 0;
      const good = port <= 65_535;
      expect([at, taken({ DOUBLETAKE_HOST: name })]).toEqual([at, true]);
      expect([at, taken({ TEMPORAL_ADDRESS: at })]).toEqual([at, good]);
      expect([at, taken({ DATABASE_URL: `postgres://u:p@${at}/d` })]).toEqual([at, good]);
      expect([at, taken({ DOUBLETAKE_WORKER_METRICS: at })]).toEqual([at, good && isIP(name) > 0]);
    }),
    { numRuns: 500 },
  );
  expect(problemsOf({ DATABASE_URL: 'postgres://u@%2Fvar%2Frun/d' })).toEqual([]);
  expect(problemsOf({ DATABASE_URL: 'postgres:///d?host=/var/run' })).toEqual([]);
});

test('authentication can be off on loopback only', () => {
  expect(loadConfig({ ...least, DOUBLETAKE_AUTH: 'off' }).auth.required).toBe(false);
  const problems = problemsOf({ ...least, DOUBLETAKE_AUTH: 'off', DOUBLETAKE_HOST: '0.0.0.0' });
  expect(problems.join()).toContain('expected on, or a loopback host');
});

test('secrets of an example are refused by name, but where nobody signs in', () => {
  const example = {
    DATABASE_URL: 'postgres://doubletake:change-me@postgres/doubletake',
    AWS_SECRET_ACCESS_KEY: 'change-me-too',
  };
  const remedy = 'expected one of your own, such as the output of "openssl rand -hex 24"';
  expect(problemsOf(example)).toEqual([
    `DATABASE_URL has the password of an example; ${remedy} (POSTGRES_PASSWORD in the .env of docker-compose.yml)`,
    `AWS_SECRET_ACCESS_KEY is that of an example; ${remedy} (S3_SECRET_ACCESS_KEY in the .env of docker-compose.yml)`,
  ]);
  expect(problemsOf({ ...example, DOUBLETAKE_AUTH: 'off' })).toEqual([]);
});

test('the example of docker-compose has no secrets to leave as they are', () => {
  const lines = readFileSync('.env.example', 'utf8').split('\n');
  const secrets = lines.filter((line) => /^\w*(PASSWORD|SECRET)\w*=/.test(line));
  expect(secrets.sort()).toEqual([
    'DOUBLETAKE_WEBHOOK_SECRET=',
    'POSTGRES_PASSWORD=',
    'S3_SECRET_ACCESS_KEY=',
  ]);
  const compose = readFileSync('docker-compose.yml', 'utf8');
  const withoutDemand =
    /\$\{(POSTGRES_PASSWORD|S3_SECRET_ACCESS_KEY)(?!:\?set it in \.env, to the output of)/;
  expect(compose).not.toMatch(withoutDemand);
});

test('OIDC wants issuer and audience together', () => {
  const issuer = 'https://login.example';
  expect(problemsOf({ ...least, OIDC_ISSUER: issuer }).join()).toContain('OIDC_AUDIENCE is not set');
  expect(problemsOf({ ...least, OIDC_AUDIENCE: 'doubletake' }).join()).toContain('OIDC_ISSUER is not set');
  const { auth } = loadConfig({ ...least, OIDC_ISSUER: issuer, OIDC_AUDIENCE: 'doubletake' });
  expect(auth.oidc).toEqual({ issuer, audience: 'doubletake', jwksUrl: undefined, roleClaim: 'roles' });
});

test.each(['https://login.example/#x', `https://login.example/${'x'.repeat(150)}`])(
  'an issuer that could not be part of a user’s id is refused: %s',
  (issuer) => {
    expect(problemsOf({ ...least, OIDC_ISSUER: issuer, OIDC_AUDIENCE: 'doubletake' }).join()).toMatch(
      /OIDC_ISSUER is .*without "#", of 160 characters at most/,
    );
  },
);

test("Temporal's own variables are understood", () => {
  const { temporal } = loadConfig({ ...least, TEMPORAL_ADDRESS: 'temporal:7233', TEMPORAL_API_KEY: 'key' });
  expect(temporal.connection).toMatchObject({ address: 'temporal:7233', apiKey: 'key', tls: true });
});

test('a webhook’s secret is one that receivers can use, and is not repeated in the message', () => {
  const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
  expect(loadConfig({ ...least, DOUBLETAKE_WEBHOOK_SECRET: secret }).webhook).toEqual({
    secret,
    allowPrivate: false,
  });
  expect(loadConfig({ ...least, DOUBLETAKE_WEBHOOK_PRIVATE: 'allow' }).webhook.allowPrivate).toBe(true);
  for (const wrong of [secret.slice(6), 'whsec_dG9vIHNob3J0', `${secret}!`, `whsec_${'A'.repeat(92)}`]) {
    expect(problemsOf({ ...least, DOUBLETAKE_WEBHOOK_SECRET: wrong })).toEqual([
      'DOUBLETAKE_WEBHOOK_SECRET is wrong; expected whsec_ and 24 to 64 random bytes in Base64',
    ]);
  }
});

test('every setting is in docs/settings.md', () => {
  const page = readFileSync('docs/settings.md', 'utf8');
  expect(settingNames(kinds).filter((setting) => !page.includes(`\`${setting}\``))).toEqual([]);
});

test('the former names of the compute queue and of its setting still count', () => {
  const former = { DOUBLETAKE_QUEUES: 'vision', DOUBLETAKE_VISION_CONCURRENCY: '3' };
  const config = loadConfig({ ...least, ...former });
  expect([config.queues.serve, config.compute.concurrency]).toEqual(['compute', 3]);
  const both = loadConfig({ ...least, ...former, DOUBLETAKE_COMPUTE_CONCURRENCY: '2' });
  expect(both.compute.concurrency).toBe(2);
});

test('a kind is handed its own settings and nothing else', () => {
  const { ofKinds } = load({ ...least, DOUBLETAKE_PROOF_GREETING: 'salve' }, proofKinds);
  expect(ofKinds).toMatchObject({ DOUBLETAKE_PROOF_GREETING: 'salve', DOUBLETAKE_PROOF_FIRST: 'off' });
  const own = proofKinds.all.flatMap(({ settings }) => Object.keys(settings?.shape ?? {}));
  expect(Object.keys(ofKinds).sort()).toEqual(own.sort());
});
