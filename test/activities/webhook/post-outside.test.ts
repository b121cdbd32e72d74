import { afterEach, expect, test } from '@jest/globals';
import { makePostOutside } from '../../../src/activities/webhook/post-outside.ts';
import { privateHosts } from './private-hosts.ts';
import { openReceiver, type Receiver } from './receiver.ts';

const open: Receiver[] = [];
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));
async function receiver(...statuses: Parameters<typeof openReceiver>) {
  const one = await openReceiver(...statuses);
  open.push(one);
  return one;
}

test.each(privateHosts)('nothing is sent to %s', async (_what, host) => {
  const { port, received } = await receiver();
  for (const protocol of ['http', 'https']) {
    const answer = await makePostOutside({ allowPrivate: false })(`${protocol}://${host}:${port}/`, '{}', {});
    expect(answer).toMatchObject({ status_code: null, error: expect.stringContaining('private network') });
  }
  expect(received).toEqual([]);
});

test('a name that leads to a private network is answered like one that does not exist', async () => {
  const { port, received } = await receiver();
  const post = makePostOutside({ allowPrivate: false });
  const [known, unknown] = [
    await post(`http://localhost:${port}/`, '{}', {}),
    await post(`http://nowhere.invalid:${port}/`, '{}', {}),
  ];
  const { cause: why, ...told } = known;
  const { cause, ...same } = unknown;
  expect(told).toEqual(same);
  expect(told.duration_ms).toBe(0);
  // The worker's log tells them apart.
  expect([why, cause]).toEqual([
    expect.stringMatching(/localhost leads to /),
    expect.stringContaining('nowhere.invalid'),
  ]);
  expect(received).toEqual([]);
});

test('where it is allowed loopback hears it, body, headers and all', async () => {
  const { url, received } = await receiver(201);
  const answer = await makePostOutside({ allowPrivate: true })(url, '{"ä":1}', { 'webhook-id': 'x' });
  expect(answer).toMatchObject({ status_code: 201, error: null });
  expect(received).toEqual([
    { path: '/told?of=jobs', headers: expect.objectContaining({ 'webhook-id': 'x' }), body: '{"ä":1}' },
  ]);
});

test.each([301, 302, 307, 308])('a redirect (%d) is not followed', async (status) => {
  const { url, received } = await receiver(status, 200);
  expect(await makePostOutside({ allowPrivate: true })(url, '{}', {})).toMatchObject({ status_code: status });
  expect(received.map(({ path }) => path)).toEqual(['/told?of=jobs']);
});

test('a receiver that says nothing, and one that is not there, are told apart', async () => {
  const silent = await receiver('nothing');
  const post = makePostOutside({ allowPrivate: true, timeoutMs: 200 });
  expect(await post(silent.url, '{}', {})).toMatchObject({
    status_code: null,
    error: 'There was no answer within 0.2 s.',
  });
  await silent.close();
  open.splice(0);
  expect(await post(silent.url, '{}', {})).toMatchObject({
    status_code: null,
    error: 'Nobody took it: the connection was refused.',
  });
});
