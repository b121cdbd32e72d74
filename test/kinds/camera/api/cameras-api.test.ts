import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { acceptJob } from '../../../../src/database/jobs/accept-job.ts';
import { transitionJob } from '../../../../src/database/jobs/transition-job.ts';
import { type RunningApi, startApi, type TestUser } from '../../../api/running-api.ts';
import { request, step } from '../../../database/jobs.ts';
import { boxEvent, json, lines } from './box-events.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

const square = [
  [0.1, 0.1],
  [0.9, 0.1],
  [0.9, 0.9],
  [0.1, 0.9],
];

test('a camera is added, read, changed by whoever has seen it, and listed', async () => {
  const user = await api.user();
  const zones = [{ name: 'gate', polygon: square }];
  const made = await api.ask(
    user,
    'POST',
    '/api/cameras',
    json({ camera_id: 'yard', name: 'Hof', time_zone: 'Europe/Berlin', zones, retention_days: 7 }),
  );
  expect([made.status, made.headers.get('location')]).toEqual([201, '/api/cameras/yard']);
  expect(made.body).toEqual({
    ...{ camera_id: 'yard', name: 'Hof', time_zone: 'Europe/Berlin', zones, masks: [], version: 1 },
    ...{ retention_days: 7, offline_since: null },
    ...{ created_at: expect.any(String), updated_at: expect.any(String) },
  });
  expect((await api.ask(user, 'POST', '/api/cameras', json({ camera_id: 'yard' }))).status).toBe(409);
  const read = await api.ask(user, 'GET', '/api/cameras/yard');
  expect(read.body).toEqual(made.body);
  const tag = read.headers.get('etag') as string;
  const unchanged = await api.ask(user, 'GET', '/api/cameras/yard', { headers: { 'if-none-match': tag } });
  expect(unchanged.status).toBe(304);

  const change = (body: unknown, ifMatch?: string) =>
    api.ask(user, 'PATCH', '/api/cameras/yard', json(body, ifMatch ? { 'if-match': ifMatch } : {}));
  const renamed = await change({ name: null, retention_days: null }, tag);
  expect(renamed.body).toMatchObject({ name: null, retention_days: null, version: 1, zones });
  // Of another name it is not what was read, though its zones are.
  expect(renamed.headers.get('etag')).not.toBe(tag);
  const masked = await change({ masks: [{ purpose: 'motion', polygon: square }] }, tag);
  expect(masked.body).toMatchObject({ version: 2, zones });
  expect((await change({ zones: [] }, tag)).status).toBe(412);
  expect((await change({ zones: [] }, '"x"')).status).toBe(412);
  expect((await change({ zones: [] })).body).toMatchObject({ version: 3, zones: [] });
  expect((await api.ask(user, 'PATCH', '/api/cameras/nobodys', json({}))).status).toBe(404);
  expect((await api.ask(user, 'GET', '/api/cameras')).body.items).toMatchObject([{ camera_id: 'yard' }]);
  expect((await api.ask(await api.user(), 'GET', '/api/cameras')).body.items).toEqual([]);
});

test.each([
  ['no id', {}, 'camera_id'],
  ['an id that addresses need', { camera_id: 'summary' }, 'camera_id'],
  ['a time zone that is none', { time_zone: 'Europe/Atlantis' }, 'time_zone'],
  ['an offset for a time zone', { time_zone: '+02:00' }, 'time_zone'],
  [
    'a corner outside the picture',
    {
      zones: [
        {
          name: 'a',
          polygon: [
            [0, 0],
            [1.1, 0],
            [1, 1],
          ],
        },
      ],
    },
    'zones.0.polygon.1.0',
  ],
  [
    'a corner that is no pair',
    { masks: [{ purpose: 'motion', polygon: [[0, 0], [1], [1, 1, 1], []] }] },
    'masks.0.polygon.1',
  ],
  [
    'two corners',
    {
      masks: [
        {
          purpose: 'motion',
          polygon: [
            [0, 0],
            [1, 1],
          ],
        },
      ],
    },
    'masks.0.polygon',
  ],
  [
    'a polygon that crosses itself',
    {
      masks: [
        {
          purpose: 'motion',
          polygon: [
            [0, 0],
            [1, 1],
            [1, 0],
            [0, 1],
          ],
        },
      ],
    },
    'masks.0.polygon',
  ],
  [
    'corners on one line',
    {
      zones: [
        {
          name: 'a',
          polygon: [
            [0, 0],
            [0.5, 0.5],
            [1, 1],
          ],
        },
      ],
    },
    'zones.0.polygon',
  ],
  ['a mask without a purpose', { masks: [{ polygon: square }] }, 'masks.0.purpose'],
  [
    'two zones of one name',
    {
      zones: [
        { name: 'a', polygon: square },
        { name: 'a', polygon: square },
      ],
    },
    'zones',
  ],
  ['no days', { retention_days: 0 }, 'retention_days'],
  ['a NUL in its name', { name: 'a\0b' }, 'name'],
  ['a field that nobody knows', { password: 'x' }, 'body'],
])('a camera with %s is a 422 that names the field', async (_what, given, field) => {
  const user = await api.user();
  const body = 'camera_id' in given || field === 'camera_id' ? given : { camera_id: 'yard', ...given };
  const answer = await api.ask(user, 'POST', '/api/cameras', json(body));
  expect([answer.status, answer.body.errors?.[0]?.field]).toEqual([422, field]);
  expect((await api.ask(user, 'GET', '/api/cameras')).body.items).toEqual([]);
});

test('route by route: a key that is limited to a camera posts its events, and may nothing else', async () => {
  const owner = await api.user();
  const box = await api.user('user', owner.id, ['camera:cam-1', 'camera:cam-2']);
  const operators = await api.user('operator', owner.id, ['camera:cam-1']);
  for (const { method, path, 'x-access': access } of api.contract.routes) {
    const isIngest = method === 'POST' && /^\/api\/events(\/batch)?$/.test(path);
    if (access === 'public' || isIngest) continue;
    for (const key of [box, operators]) {
      const answer = await api.ask(key, method, path.replace(/\{[^}]+\}/g, 'cam-1'));
      expect([method, path, answer.status]).toEqual([method, path, 403]);
      if (method !== 'HEAD') expect(answer.body.detail).toMatch(/limited to camera:cam-1/);
    }
  }
  const post = (event: unknown) => api.ask(box, 'POST', '/api/events', json(event));
  expect((await post(boxEvent(1))).status).toBe(201);
  expect((await post(boxEvent(2))).status).toBe(201);
  const { camera_id, ...ofDefault } = boxEvent(5);
  for (const other of [
    boxEvent(3),
    ofDefault,
    { ...ofDefault, camera_id: ['cam-1'] },
    { ...ofDefault, camera_id: null },
  ]) {
    const answer = await post(other);
    expect([answer.status, answer.body.detail]).toEqual([403, expect.stringContaining(camera_id)]);
  }
  const rows = [boxEvent(6), boxEvent(7), 7, boxEvent(9)];
  const batch = await api.ask(box, 'POST', '/api/events/batch', lines(rows));
  expect(batch.body).toMatchObject({ inserted: 2, failed: [{ index: 1 }, { index: 2 }] });
  expect(batch.body.failed[0].reason).toContain('limited');
  const { items } = (await api.ask(owner, 'GET', '/api/events?order=asc')).body;
  expect(items.map(({ camera_id: id }: { camera_id: string }) => id)).toEqual([
    'cam-1',
    'cam-2',
    'cam-2',
    'cam-1',
  ]);
  expect((await api.ask(owner, 'GET', '/api/cameras')).body.items).toHaveLength(2);
  // What is of another camera is neither stored nor told, though its id is known.
  const secret = { ...boxEvent(3), camera_id: 'bedroom', event_id: 'night', llm_description: 'In bed.' };
  expect((await api.ask(owner, 'POST', '/api/events', json(secret))).status).toBe(201);
  const guess = await post({ ...boxEvent(1), event_id: 'night' });
  expect([guess.status, guess.body.detail]).toEqual([409, expect.stringContaining('of another camera')]);
  expect(JSON.stringify([guess.body, ...guess.headers])).not.toMatch(/bedroom|In bed|camera_id/);
  const guesses = await api.ask(
    box,
    'POST',
    '/api/events/batch',
    lines([{ ...boxEvent(1), event_id: 'night' }]),
  );
  expect(guesses.body).toEqual({ inserted: 0, duplicates: 1, failed: [] });
  expect((await post(boxEvent(1))).status).toBe(200);
  // A key for something else than cameras is good for no camera.
  const elsewhere = await api.user('user', owner.id, ['printer:cam-1']);
  expect((await api.ask(elsewhere, 'POST', '/api/events', json(boxEvent(1)))).status).toBe(403);
});

test('a camera that a job watches, or will, is not removed: the answer names the job', async () => {
  const [user, other] = [await api.user(), await api.user()];
  for (const one of [user, other]) await api.ask(one, 'POST', '/api/cameras', json({ camera_id: 'yard' }));
  await api.ask(user, 'POST', '/api/cameras', json({ camera_id: 'door' }));
  const options = { camera_id: 'yard' };
  const { job } = await acceptJob(api.database, {
    session: { ...request().session, user_id: user.id },
    job: { job_id: randomUUID(), user_id: user.id, kind: 'camera', options },
  });
  const remove = (one: TestUser, id: string) => api.ask(one, 'DELETE', `/api/cameras/${id}`);
  const refused = await remove(user, 'yard');
  expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining(job.job_id)]);
  expect((await api.ask(user, 'GET', '/api/cameras/yard')).status).toBe(200);
  expect((await remove(user, 'door')).status).toBe(200);
  expect((await remove(other, 'yard')).status).toBe(200);
  await api.ask(user, 'POST', `/api/jobs/${job.job_id}/cancel`);
  await transitionJob(api.database, { ...step(job), to: 'canceled', stage: 'CANCELED', why: 'a test' });
  expect((await remove(user, 'yard')).status).toBe(200);
});
