import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { requestCancel } from '../../src/database/jobs/request-cancel.ts';
import { listWebhookEvents } from '../../src/database/webhooks/list-webhook-events.ts';
import { recordDelivery } from '../../src/database/webhooks/record-delivery.ts';
import { privateHosts } from '../activities/webhook/private-hosts.ts';
import { form, video } from './form.ts';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';

let api: RunningApi;
let coach: TestUser;
beforeAll(async () => {
  api = await startApi();
  coach = await api.user();
});
afterAll(() => api?.close());

const url = 'https://example.org/told?of=jobs';
const secret = `whsec_${Buffer.from('the secret of this one job').toString('base64')}`;
const file = ['file', video(), 'a.mp4'] as [string, Blob, string];
const post = (body: FormData, headers = {}) => api.ask(coach, 'POST', '/api/jobs', { body, headers });
const postJson = (body: object) =>
  api.ask(coach, 'POST', '/api/jobs', {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
const withWebhook = (webhook: object, headers = {}) =>
  post(form(['kind', 'technique'], ['webhook', JSON.stringify(webhook)], file), headers);

test('a job names its webhook’s address; its secret is in no answer and no log line', async () => {
  const made = await withWebhook({ url, secret });
  expect([made.status, made.body.webhook]).toEqual([202, { url }]);
  const again = await postJson({
    session_id: made.body.session_id,
    kind: 'technique',
    webhook: { url, secret },
  });
  expect([again.status, again.body.webhook]).toEqual([202, { url }]);
  const read = await api.ask(coach, 'GET', `/api/jobs/${made.body.id}`);
  expect(read.body).toMatchObject({ webhook: { url }, assist_due_at: null });
  expect(JSON.stringify([made, again, read]) + api.logged()).not.toContain(secret.slice(6));
  const [kept] = await api.database
    .em()
    .execute<{ webhook_secret: string }[]>('SELECT webhook_secret FROM analysis_jobs WHERE job_id = ?', [
      made.body.id,
    ]);
  expect(kept?.webhook_secret).toBe(secret);
});

test('a job without one says so, and was told of nowhere', async () => {
  const { body } = await post(form(['kind', 'technique'], file));
  expect(body.webhook).toBeNull();
  const { body: told } = await api.ask(coach, 'GET', body.links.webhooks);
  expect(told).toEqual({ items: [], next_cursor: null });
});

test.each([
  ['no address', { secret }, 'webhook.url'],
  ['no address of the web', { url: 'ftp://example.org', secret }, 'webhook.url'],
  ['a password in the address', { url: 'https://me:geheim@example.org', secret }, 'webhook.url'],
  ['a short secret', { url, secret: 'whsec_geheim' }, 'webhook.secret'],
  ['nothing to sign with', { url }, 'webhook.secret'],
])(
  '%s is a 422 that names the field, by form and by JSON, and repeats no secret',
  async (_what, webhook, field) => {
    const before = await api.objects();
    const json = { session_id: randomUUID(), kind: 'technique', webhook };
    for (const { status, body } of [await withWebhook(webhook), await postJson(json)]) {
      expect([status, body.errors?.[0]?.field]).toEqual([422, field]);
      expect(JSON.stringify(body)).not.toContain('geheim');
    }
    expect(await api.objects()).toEqual(before);
  },
);

test.each(privateHosts)('%s is a 422, not three days of tries that are refused', async (_what, host) => {
  const json = {
    session_id: randomUUID(),
    kind: 'technique',
    webhook: { url: `https://${host}:8443/`, secret },
  };
  const { status, body } = await postJson(json);
  expect([status, body.errors?.[0]?.field]).toEqual([422, 'webhook.url']);
  expect(body.detail).toContain('private network');
});

test.each(['93.184.215.14', '[2606:2800:21f:cb07:6820:80da:af6b:8b2c]'])(
  'a public address, %s, may be told',
  async (host) => {
    const { status } = await withWebhook({ url: `https://${host}/`, secret });
    expect(status).toBe(202);
  },
);

test('without a secret the answer names both places it may come from', async () => {
  const { body } = await withWebhook({ url });
  expect(body.detail).toMatch(/whsec_.*DOUBLETAKE_WEBHOOK_SECRET/);
});

test('a webhook field that is no JSON is a 422 that does not repeat it', async () => {
  const { status, body } = await post(form(['kind', 'technique'], ['webhook', '{"secret":"geheim'], file));
  expect([status, body.errors[0].field]).toEqual([422, 'webhook']);
  expect(JSON.stringify(body)).not.toContain('geheim');
});

test('the same key with another webhook is another request', async () => {
  const headers = { 'idempotency-key': randomUUID() };
  const [first, same, other] = [
    await withWebhook({ url, secret }, headers),
    await withWebhook({ url, secret }, headers),
    await withWebhook({ url: `${url}&more`, secret }, headers),
  ];
  expect(same.body.id).toBe(first.body.id);
  expect(other.status).toBe(422);
});

test('what was told of a job can be read with each try, by whoever may read the job', async () => {
  const { body: job } = await withWebhook({ url, secret });
  await requestCancel(api.database, job.id, { by: coach.id, why: 'a test' });
  const [event] = await listWebhookEvents(api.database, job.id);
  const event_id = event?.id as string;
  const pending = await api.ask(coach, 'GET', `/api/jobs/${job.id}/webhooks`);
  expect(pending.body.items).toMatchObject([{ id: event_id, state: 'pending', deliveries: [] }]);

  const tried = { event_id, url, duration_ms: 12 };
  await recordDelivery(
    api.database,
    { ...tried, attempt: 1, status_code: null, error: 'connect ECONNREFUSED' },
    'again',
  );
  await recordDelivery(api.database, { ...tried, attempt: 2, status_code: 204, error: null }, 'delivered');
  const { body } = await api.ask(coach, 'GET', `/api/jobs/${job.id}/webhooks`);
  expect(body.items).toMatchObject([
    {
      ...{ type: 'job.canceled', state: 'delivered', gave_up_at: null },
      deliveries: [
        { attempt: 1, status_code: null, error: 'connect ECONNREFUSED', url },
        { attempt: 2, status_code: 204, error: null, duration_ms: 12 },
      ],
    },
  ]);
  const stranger = await api.user();
  expect((await api.ask(stranger, 'GET', `/api/jobs/${job.id}/webhooks`)).status).toBe(404);
});

test('with a secret of the service’s own a job needs none, and where it is allowed loopback is told', async () => {
  const lax = await startApi({ webhooks: { hasSecret: true, allowPrivate: true } });
  try {
    const body = form(['kind', 'technique'], ['webhook', '{"url":"http://127.0.0.1:9/"}'], file);
    const { status } = await lax.ask(await lax.user(), 'POST', '/api/jobs', { body });
    expect(status).toBe(202);
  } finally {
    await lax.close();
  }
});
