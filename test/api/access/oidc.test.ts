import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeJwt, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import pg from 'pg';
import { oidcUserId, oidcVerifier } from '../../../src/api/access/oidc.ts';
import { form, video } from '../form.ts';
import { startApi } from '../running-api.ts';

const keys = await generateKeyPair('RS256');
const others = await generateKeyPair('RS256');
const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256' };
let issuer = '';
const provider = createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  if (request.url === '/.well-known/openid-configuration')
    response.end(JSON.stringify({ jwks_uri: `${issuer}/jwks` }));
  else if (request.url === '/jwks') response.end(JSON.stringify({ keys: [jwk] }));
  else response.writeHead(500).end('{}');
});

beforeAll(async () => {
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
});
afterAll(() => void provider.close());

function token(
  claims: JWTPayload,
  { audience = 'doubletake', expires = '5m', key = keys.privateKey, subject = 'coach-7' } = {},
) {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
    .setSubject(subject)
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime(expires)
    .sign(key);
}
const verifier = (settings = {}) =>
  oidcVerifier({ issuer, audience: 'doubletake', roleClaim: 'roles', ...settings });

test('a signed token speaks for its subject; its keys are found by discovery', async () => {
  const signed = await token({});
  // Issuers' clocks may be 30 s behind ours.
  const until = new Date(((decodeJwt(signed).exp as number) + 30) * 1000);
  expect(await verifier()(signed)).toEqual({
    id: `oidc:${issuer}#coach-7`,
    role: 'user',
    until,
    limitedTo: null,
  });
});

test('a subject is one user, apart from owners of keys, other issuers’ subjects, and longer ones', async () => {
  const { id } = await verifier()(await token({}, { subject: 'c'.repeat(255) }));
  expect(id).toMatch(/^oidc-sha256:http:\/\/127\.0\.0\.1:\d+#[0-9a-f]{64}$/);
  fc.assert(
    fc.property(
      fc.constantFrom('https://a.example', 'https://a.example/b', `https://${'i'.repeat(150)}.ex`),
      fc.string({ minLength: 1, maxLength: 255 }),
      fc.constantFrom('https://a.example', 'https://a.example/b', 'https://b.example'),
      fc.string({ minLength: 1, maxLength: 255 }),
      (issuerA, subjectA, issuerB, subjectB) => {
        const [a, b] = [oidcUserId(issuerA, subjectA), oidcUserId(issuerB, subjectB)];
        expect(a.length).toBeLessThanOrEqual(255);
        expect(a).not.toBe(subjectA);
        expect(a === b).toBe(issuerA === issuerB && subjectA === subjectB);
      },
    ),
  );
});

test.each([
  ['roles', { roles: ['operator', 'other'] }],
  ['roles', { roles: 'user operator' }],
  ['realm_access.roles', { realm_access: { roles: ['operator'] } }],
  ['https://example.org/roles', { 'https://example.org/roles': ['operator'] }],
])('the role is read from the claim %s', async (roleClaim, claims) => {
  expect(await verifier({ roleClaim })(await token(claims))).toMatchObject({ role: 'operator' });
});

test.each<[string, () => Promise<string>]>([
  ['expired', () => token({}, { expires: '-5m' })],
  ['for someone else', () => token({}, { audience: 'another' })],
  ['signed by someone else', () => token({}, { key: others.privateKey })],
  ['of a subject with a NUL', () => token({}, { subject: 'coach\0' })],
  ['of an endless subject', () => token({}, { subject: 'c'.repeat(256) })],
  ['not a token', async () => 'abc.def.ghi'],
  ['unsigned', async () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`],
])('a token that is %s is a 401', async (_what, make) => {
  await expect(verifier()(await make())).rejects.toMatchObject({ status: 401 });
});

test('an identity provider that is away is a 503, not a wrong token', async () => {
  await expect(verifier({ jwksUrl: 'http://127.0.0.1:1/jwks' })(await token({}))).rejects.toMatchObject({
    status: 503,
  });
  await expect(verifier({ jwksUrl: `${issuer}/broken` })(await token({}))).rejects.toMatchObject({
    status: 503,
  });
});

test('the API takes such tokens next to API keys', async () => {
  const oidc = { issuer, audience: 'doubletake', roleClaim: 'roles' };
  const api = await startApi({ auth: { required: true, oidc } });
  try {
    const as = async (claims: JWTPayload, options = {}) => ({
      id: `oidc:${issuer}#coach-7`,
      headers: { authorization: `Bearer ${await token(claims, options)}` },
    });
    expect((await api.ask(await as({}), 'GET', '/api/jobs')).status).toBe(200);
    expect((await api.ask(await as({}), 'GET', '/metrics')).status).toBe(403);
    expect((await api.ask(await as({ roles: ['operator'] }), 'GET', '/metrics')).status).toBe(200);
    expect((await api.ask(await api.user(), 'GET', '/api/jobs')).status).toBe(200);
    const expired = { id: '', headers: { authorization: `Bearer ${await token({}, { expires: '-5m' })}` } };
    const refused = await api.ask(expired, 'GET', '/api/jobs');
    expect([refused.status, refused.body.detail]).toEqual([401, 'This token has expired; sign in again.']);

    // The owner of a key may be called like a subject: neither sees what is the other's.
    const key = await api.user('user', 'coach-7');
    const body = () => form(['kind', 'technique'], ['file', video(), 'a.mp4']);
    const [ofKey, ofToken] = [
      await api.ask(key, 'POST', '/api/jobs', { body: body() }),
      await api.ask(await as({}), 'POST', '/api/jobs', { body: body() }),
    ];
    expect([ofKey.body.user_id, ofToken.body.user_id]).toEqual(['coach-7', `oidc:${issuer}#coach-7`]);
    expect((await api.ask(await as({}), 'GET', `/api/jobs/${ofKey.body.id}`)).status).toBe(404);
    expect((await api.ask(key, 'GET', `/api/jobs/${ofToken.body.id}`)).status).toBe(404);

    // What a subject made under its bare name can be handed over, as docs/operations.md says.
    const [, sql = ''] = /```sql\n([\s\S]*?)```/.exec(readFileSync('docs/operations.md', 'utf8')) ?? [];
    const client = new pg.Client({ connectionString: api.databaseUrl });
    await client.connect();
    await client.query(sql.replace('https://login.example', issuer));
    await client.end();
    expect((await api.ask(await as({}), 'GET', `/api/jobs/${ofKey.body.id}`)).status).toBe(200);
    const session = `/api/sessions/${ofKey.body.session_id}`;
    expect((await api.ask(await as({}), 'GET', session)).status).toBe(200);
    expect((await api.ask(key, 'GET', '/api/jobs')).body.items).toEqual([]);

    // A clock may be 30 s off, so this token is taken for some seconds more, and no longer in the middle of a stream.
    const soon = await as({}, { expires: '-25s' });
    const { body: events } = await api.ask(soon, 'GET', `/api/jobs/${ofToken.body.id}/progress`);
    expect(events).toMatch(
      /^event: progress$[\s\S]*^event: problem\ndata: .*This token has expired; sign in again\./m,
    );

    expect(api.logged()).not.toContain(expired.headers.authorization.slice(7));
  } finally {
    await api.close();
  }
});
