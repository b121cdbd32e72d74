import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CameraEvent } from '../../../../src/kinds/camera/events/event.ts';
import { type RunningApi, startApi, type TestUser } from '../../../api/running-api.ts';
import { boxEvent, json, lines } from './box-events.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

interface Told {
  name: string;
  id: string | undefined;
  data: CameraEvent & { status?: number };
}

/** A client of the stream that keeps what it was told. */
async function follow(user: TestUser, query = '', lastEventId?: string) {
  const leaving = new AbortController();
  const headers = { ...user.headers, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) };
  const response = await fetch(`${api.url}/api/events/stream${query}`, { headers, signal: leaving.signal });
  let text = '';
  let isOpen = response.ok;
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body as ReadableStream<Uint8Array>)
      text += decoder.decode(chunk, { stream: true });
  })()
    .catch(() => {})
    .finally(() => {
      isOpen = false;
    });
  const told = (): Told[] =>
    [
      ...text.slice(0, text.lastIndexOf('\n\n') + 1).matchAll(/^event: (\w+)\n(?:id: (.*)\n)?data: (.*)$/gm),
    ].map(([, name = '', id, data = '']) => ({
      ...{ name, id },
      data: JSON.parse(data),
    }));
  return {
    response,
    told,
    reading,
    isOpen: () => isOpen,
    /** The last id that a client keeps, of an event or alone. */
    lastId: () => [...text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] as string,
    /** Waits for so many, or for its end. */
    async until(count: number) {
      while (told().length < count && isOpen) await sleep(20);
      return told();
    },
    async begun() {
      while (!text.includes('retry:')) await sleep(20);
    },
    leave: () => leaving.abort(),
  };
}

test('what is stored or changed is told to its owner, from now on, and by its id from then on', async () => {
  const [user, other] = await Promise.all([api.user(), api.user()]);
  await api.ask(user, 'POST', '/api/events', json(boxEvent(0)));
  const [all, ofCam2, others] = await Promise.all([
    follow(user),
    follow(user, '?camera_id=cam-2&label=person'),
    follow(other),
  ]);
  await Promise.all([all.begun(), ofCam2.begun(), others.begun()]);
  const person = { label: 'person', confidence: 1, box: { x: 0, y: 0, width: 1, height: 1 } };
  await api.ask(user, 'POST', '/api/events', json(boxEvent(1)));
  const afterFirst = (await all.until(1))[0]?.id as string;
  await api.ask(user, 'POST', '/api/events', json({ ...boxEvent(2), detected_objects: [person] }));
  await api.ask(user, 'PATCH', `/api/events/${boxEvent(1).event_id}`, json({ keep: true }));
  const told = await all.until(3);
  expect(told.map(({ name, data }) => [name, data.event_id])).toEqual([
    ['event', 'box-000001'],
    ['event', 'box-000002'],
    ['event', 'box-000001'],
  ]);
  expect(told[2]?.data).toEqual((await api.ask(user, 'GET', '/api/events/box-000001')).body);
  for (const { name, data } of told) api.contract.checkEvent(name, data, 'CameraEventStream');
  expect((await ofCam2.until(1)).map(({ data }) => data.event_id)).toEqual(['box-000002']);
  expect(others.told()).toEqual([]);
  for (const stream of [all, ofCam2, others]) stream.leave();

  // Who was away misses nothing, also of a batch.
  await api.ask(
    user,
    'POST',
    '/api/events/batch',
    lines(Array.from({ length: 450 }, (_, n) => boxEvent(n + 10))),
  );
  const later = await follow(user, '', afterFirst);
  const missed = await later.until(452);
  expect(new Set(missed.map(({ data }) => data.event_id)).size).toBe(452);
  expect(later.lastId()).not.toBe(afterFirst);
  later.leave();
  const broken = await follow(user, '', 'no-id');
  expect(broken.response.status).toBe(422);
  broken.leave();
});

test('a stream ends with the words of a 401 once its key is no longer good', async () => {
  const user = await api.user();
  const stream = await follow(user);
  await stream.begun();
  await api.database.em().execute('UPDATE api_keys SET revoked_at = now() WHERE user_id = ?', [user.id]);
  const again = await api.user('user', user.id);
  await api.ask(again, 'POST', '/api/events', json(boxEvent(1)));
  await stream.reading;
  expect(stream.told()).toMatchObject([{ name: 'problem', data: { status: 401 } }]);
  api.contract.checkEvent('problem', stream.told()[0]?.data, 'CameraEventStream');
});

test('who was an operator, and is none any more, is told no more of others', async () => {
  const [operator, other] = await Promise.all([api.user('operator'), api.user()]);
  const stream = await follow(operator, `?owner=${other.id}`);
  await stream.begun();
  await api.ask(other, 'POST', '/api/events', json(boxEvent(1)));
  expect((await stream.until(1))[0]?.data.event_id).toBe('box-000001');
  await api.database.em().execute("UPDATE api_keys SET role = 'user' WHERE user_id = ?", [operator.id]);
  await api.ask(other, 'POST', '/api/events', json(boxEvent(2)));
  await stream.reading;
  expect(stream.told().slice(1)).toMatchObject([{ name: 'problem', data: { status: 403 } }]);
});

test('a user has ten at once, and another still has one; those that leave make room', async () => {
  const [user, other] = await Promise.all([api.user(), api.user()]);
  const open = await Promise.all(Array.from({ length: 10 }, () => follow(user)));
  const eleventh = await follow(user);
  expect([eleventh.response.status, eleventh.response.headers.get('retry-after')]).toEqual([503, '5']);
  const others = await follow(other);
  expect(others.response.status).toBe(200);
  others.leave();
  for (const stream of open) stream.leave();
  for (;;) {
    const next = await follow(user);
    next.leave();
    if (next.response.status === 200) break;
    await sleep(50);
  }
});

test('streams end when the server stops', async () => {
  const stopping = await startApi();
  const user = await stopping.user();
  const response = await fetch(`${stopping.url}/api/events/stream`, { headers: user.headers });
  const text = response.text();
  await stopping.close();
  expect(await text).toContain('retry:');
});
