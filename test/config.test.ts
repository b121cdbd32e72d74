import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { credentialsIn, InvalidConfiguration, loadConfig as load, settingNames } from '../src/config.ts';
import { kinds } from '../src/domain/kinds/index.ts';
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
    'DATABASE_POOL_MAX is "0"; expected a whole number, 1 or more',
    'DOUBLETAKE_PORT is "70000"; expected a port, 0 to 65535',
    'OIDC_JWKS_URL is wrong; expected an address that starts with http:// or https://',
    'DOUBLETAKE_QUEUES is "some"; expected all, main, compute or live',
    'DOUBLETAKE_SEGMENT_FRAMES is "59"; expected a whole number, 60 or more',
    'DOUBLETAKE_MAX_PIXELS is "1.5"; expected a whole number, 1 or more',
    `DOUBLETAKE_RETENTION_DAYS is "holiday=3"; expected pairs like technique=365 with commas between them; kinds are ${kinds.names.join(', ')}`,
  ]);
});

test('a password in an address is not repeated in the message', () => {
  expect(problemsOf({ DATABASE_URL: 'mysql://someone:geheim@db' }).join()).not.toContain('geheim');
});

test('the credentials that the log leaves out are those of the environment, as written and as meant', () => {
  const env = { DATABASE_URL: 'postgres://u:p%40ss@db/d', AWS_SECRET_ACCESS_KEY: 's3', OIDC_ISSUER: 'x' };
  expect(credentialsIn(env)).toEqual(['p%40ss', 'p@ss', 's3']);
  expect(credentialsIn({}).join('')).toBe('');
});

test('authentication can be off on loopback only', () => {
  expect(loadConfig({ ...least, DOUBLETAKE_AUTH: 'off' }).auth.required).toBe(false);
  const problems = problemsOf({ ...least, DOUBLETAKE_AUTH: 'off', DOUBLETAKE_HOST: '0.0.0.0' });
  expect(problems.join()).toContain('expected on, or a loopback host');
});

test('OIDC wants issuer and audience together', () => {
  const issuer = 'https://login.example';
  expect(problemsOf({ ...least, OIDC_ISSUER: issuer }).join()).toContain('OIDC_AUDIENCE is not set');
  expect(problemsOf({ ...least, OIDC_AUDIENCE: 'doubletake' }).join()).toContain('OIDC_ISSUER is not set');
  const { auth } = loadConfig({ ...least, OIDC_ISSUER: issuer, OIDC_AUDIENCE: 'doubletake' });
  expect(auth.oidc).toEqual({ issuer, audience: 'doubletake', jwksUrl: undefined, roleClaim: 'roles' });
});

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
  expect(ofKinds).toEqual({ DOUBLETAKE_PROOF_GREETING: 'salve', DOUBLETAKE_PROOF_FIRST: 'off' });
});
