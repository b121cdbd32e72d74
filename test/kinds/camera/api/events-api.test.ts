import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inTransaction } from '../../../../src/database/transaction.ts';
import { cameraSettings } from '../../../../src/domain/kinds/camera.ts';
import type { CameraEvent } from '../../../../src/kinds/camera/events/event.ts';
import { openEventStore } from '../../../../src/kinds/camera/events/open-event-store.ts';
import { type RunningApi, startApi, type TestUser } from '../../../api/running-api.ts';
import { makeScratchFolder, type ScratchFolder } from '../../../support/media/scratch-folder.ts';
import { boxEvent, json, lines } from './box-events.ts';

describe.each(['postgresql', 'sqlite'])('with cameras and events in %s', (engine) => {
  let api: RunningApi;
  let folder: ScratchFolder;
  let url: string;
  beforeAll(async () => {
    folder = await makeScratchFolder();
    url = `sqlite:${folder.file('events.db')}`;
    api = await startApi({ settings: engine === 'sqlite' ? { DOUBLETAKE_EVENTS_DATABASE_URL: url } : {} });
  });
  afterAll(async () => {
    await api?.close();
    await folder?.remove();
  });

  const post = (user: TestUser, event: unknown) => api.ask(user, 'POST', '/api/events', json(event));
  const batch = (user: TestUser, rows: unknown[]) => api.ask(user, 'POST', '/api/events/batch', lines(rows));
  const idsOf = async (user: TestUser, query: string) =>
    (await api.ask(user, 'GET', `/api/events?${query}`)).body.items.map(
      ({ event_id }: CameraEvent) => event_id,
    );

  test('1,000 events in a batch are all there, every field equal, and sent again they are duplicates', async () => {
    const box = await api.user();
    const sent = Array.from({ length: 1000 }, (_, n) => boxEvent(n));
    expect((await batch(box, sent)).body).toEqual({ inserted: 1000, duplicates: 0, failed: [] });
    const found = new Map<string, CameraEvent>();
    let cursor: string | null = null;
    do {
      const query: string = cursor ? `&cursor=${cursor}` : '';
      const { body } = await api.ask(box, 'GET', `/api/events?limit=100${query}`);
      for (const event of body.items) found.set(event.event_id, event);
      cursor = body.next_cursor;
    } while (cursor);
    expect(found.size).toBe(1000);
    for (const event of sent) {
      expect(found.get(event.event_id)).toEqual({
        ...event,
        timestamp: event.started_at,
        job_id: null,
        created_at: expect.any(String),
        updated_at: expect.any(String),
      });
    }
    // As a JSON array, and with other words: nothing of what is there changes.
    const other = sent.map((event) => ({ ...event, llm_description: 'other words' }));
    const again = await api.ask(box, 'POST', '/api/events/batch', json(other));
    expect(again.body).toEqual({ inserted: 0, duplicates: 1000, failed: [] });
    expect((await api.ask(box, 'GET', `/api/events/${sent[7]?.event_id}`)).body.llm_description).toBe(
      sent[7]?.llm_description,
    );
  });

  describe('a batch', () => {
    test('stores what is valid, and says of the rest why not, by its index', async () => {
      const box = await api.user();
      const good = [boxEvent(1), boxEvent(2)];
      const body = [
        JSON.stringify(good[0]),
        '{"event_id": "half',
        JSON.stringify({ ...boxEvent(3), event_id: 'summary' }),
        '',
        JSON.stringify({ ...boxEvent(4), job_id: randomUUID() }),
        JSON.stringify({ ...boxEvent(5), clip: { key: 'originals/x', from_s: 0, to_s: 1 } }),
        '[1, 2]',
        JSON.stringify({ ...boxEvent(6), llm_description: 'nul\0' }),
        `${JSON.stringify(good[1])}\r`,
      ].join('\n');
      const headers = { 'content-type': 'application/x-ndjson' };
      const answer = await api.ask(box, 'POST', '/api/events/batch', { headers, body });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ inserted: 2, duplicates: 0 });
      const { failed } = answer.body as { failed: { index: number; reason: string }[] };
      expect(failed.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(failed[0]?.reason).toBe('is not JSON');
      expect(failed[1]?.reason).toContain('event_id');
      expect(failed[2]?.reason).toContain('job_id');
      expect(failed[3]?.reason).toContain('clip');
      expect(failed[5]?.reason).toContain('llm_description');
      expect(await idsOf(box, 'order=asc')).toEqual(good.map(({ event_id }) => event_id));
    });

    test('of more than 10,000 events is refused whole', async () => {
      const box = await api.user();
      const rows = Array.from({ length: 10_001 }, (_, n) => boxEvent(n));
      for (const init of [lines(rows), json(rows)]) {
        const answer = await api.ask(box, 'POST', '/api/events/batch', init);
        expect([answer.status, answer.body.detail]).toEqual([
          413,
          expect.stringContaining('Nothing was stored'),
        ]);
      }
      expect(await idsOf(box, '')).toEqual([]);
      expect((await api.ask(box, 'GET', '/api/cameras')).body.items).toEqual([]);
    });

    test('is lines of JSON or an array, and nothing else', async () => {
      const box = await api.user();
      expect((await api.ask(box, 'POST', '/api/events/batch', json({ a: 1 }))).status).toBe(422);
      expect((await api.ask(box, 'POST', '/api/events/batch')).status).toBe(422);
      expect((await api.ask(box, 'POST', '/api/events', lines([boxEvent(1)]))).status).toBe(415);
    });
  });

  describe('one event', () => {
    test('is a 201, and the same id again a 200 with what is there', async () => {
      const box = await api.user();
      const { camera_id, ...event } = boxEvent(1);
      const first = await post(box, event);
      expect([first.status, first.headers.get('location')]).toEqual([201, `/api/events/${event.event_id}`]);
      expect(first.body).toMatchObject({
        event_id: event.event_id,
        camera_id: 'default',
        time_source: 'box',
      });
      expect(camera_id).toBe('cam-1');
      const again = await post(box, { ...event, started_at: '2020-01-01T00:00:00Z' });
      expect(again.status).toBe(200);
      expect(again.body).toEqual(first.body);
      const wrong = await post(box, { ...event, event_id: 'a b' });
      expect([wrong.status, wrong.body.detail]).toEqual([422, expect.stringContaining('event_id')]);
      expect((await api.ask(box, 'GET', '/api/cameras/default')).status).toBe(200);
    });

    test('of one user is nobody else’s, and an operator’s only when asked for', async () => {
      const [one, other, operator] = await Promise.all([api.user(), api.user(), api.user('operator')]);
      const event = boxEvent(1);
      expect((await post(one, event)).status).toBe(201);
      // The same ids, and neither knows of the other.
      expect((await post(other, { ...event, llm_description: 'mine' })).status).toBe(201);
      const path = `/api/events/${event.event_id}`;
      expect((await api.ask(one, 'GET', path)).body.llm_description).toBe(event.llm_description);
      expect((await api.ask(operator, 'GET', path)).status).toBe(404);
      const asked = await api.ask(operator, 'GET', `${path}?owner=${other.id}`);
      expect(asked.body.llm_description).toBe('mine');
      for (const at of [path, '/api/events', '/api/events/summary', '/api/events/export', '/api/cameras']) {
        const query = `?owner=${other.id}`;
        expect([at, (await api.ask(one, 'GET', at + query)).status]).toEqual([at, 403]);
        expect([at, (await api.ask(operator, 'GET', at + query)).status]).toEqual([at, 200]);
        expect([at, (await api.ask(one, 'GET', `${at}?owner=${one.id}`)).status]).toEqual([at, 200]);
      }
      expect(
        (await fetch(`${api.url}/api/events/stream?owner=${other.id}`, { headers: one.headers })).status,
      ).toBe(403);
    });

    test('is changed by whoever has seen it as it is', async () => {
      const user = await api.user();
      const { event_id } = (await post(user, boxEvent(1))).body;
      const path = `/api/events/${event_id}`;
      const seen = (await api.ask(user, 'GET', path)).headers.get('etag') as string;
      const unchanged = await api.ask(user, 'GET', path, { headers: { 'if-none-match': seen } });
      expect(unchanged.status).toBe(304);
      const change = (body: unknown, tag?: string) =>
        api.ask(user, 'PATCH', path, { ...json(body, tag === undefined ? {} : { 'if-match': tag }) });
      const changed = await change({ reviewed: true, llm_description: 'The postman.', keep: true }, seen);
      expect(changed.status).toBe(200);
      expect(changed.body).toMatchObject({
        reviewed_by: user.id,
        llm_description: 'The postman.',
        ...{ keep: true, false_positive: false },
      });
      expect(changed.headers.get('etag')).not.toBe(seen);
      for (const tag of [seen, '"x"', 'x', 'W/"1"']) {
        const refused = await change({ keep: false }, tag);
        expect([refused.status, refused.body.type]).toEqual([
          412,
          'urn:doubletake:problem:changed-meanwhile',
        ]);
      }
      expect((await change({ keep: false }, '*')).body).toMatchObject({ keep: false });
      expect((await change({ reviewed: false })).body).toMatchObject({
        reviewed_by: null,
        reviewed_at: null,
      });
      for (const wrong of [{}, { ended_at: null }, { keep: 'yes' }, { llm_description: 'a\0' }])
        expect((await change(wrong)).status).toBe(422);
      const nobodys = await api.ask(user, 'PATCH', '/api/events/nobodys', json({ keep: true }));
      expect(nobodys.status).toBe(404);
    });

    test('whose picture is somebody else’s object is given and removed without it', async () => {
      const user = await api.user();
      const stranger = `jobs/${randomUUID()}/quick/report.json`;
      await api.store.put(stranger, 'not yours', { mediaType: 'application/json' });
      await post(user, { ...boxEvent(1), event_id: 'sly', image_path: stranger, json_log_path: stranger });
      const picture = await api.ask(user, 'GET', '/api/events/sly/image');
      expect([picture.status, picture.body.detail]).toEqual([404, expect.stringContaining('not here')]);
      expect((await api.ask(user, 'DELETE', '/api/events/sly')).status).toBe(204);
      expect((await api.ask(user, 'DELETE', '/api/cameras/cam-1')).body).toMatchObject({ gone: true });
      expect(await api.store.head(stranger)).not.toBeNull();
    });
  });

  test('a filter of every sort, in both orders, with cursors', async () => {
    const user = await api.user();
    const at = (hour: number, seconds = 0) => new Date(Date.UTC(2026, 9, 1, hour, 0, seconds)).toISOString();
    const events = [
      { event_id: 'a', camera_id: 'yard', started_at: at(1), ended_at: at(1, 4), motion_confidence: 0.2 },
      {
        ...{
          event_id: 'b',
          camera_id: 'yard',
          started_at: at(2),
          ended_at: at(2, 30),
          motion_confidence: 0.9,
        },
        detected_objects: [
          { label: 'person', confidence: 0.8, box: { x: 0, y: 0, width: 0.1, height: 0.2 } },
        ],
        ...{ zones: ['gate'], llm_description: 'A person with a ladder.' },
      },
      { event_id: 'c', camera_id: 'door', started_at: at(3) },
    ];
    expect((await batch(user, events)).body.inserted).toBe(3);
    await api.ask(user, 'PATCH', '/api/events/a', json({ reviewed: true }));
    const expected: [query: string, ids: string[]][] = [
      ['', ['c', 'b', 'a']],
      ['order=asc', ['a', 'b', 'c']],
      ['camera_id=yard', ['b', 'a']],
      [`after=${at(1)}&before=${at(3)}`, ['b']],
      [`after=${encodeURIComponent('2026-10-01T03:30:00+02:00')}`, ['c', 'b']],
      ['label=person', ['b']],
      ['label=car', []],
      ['zone=gate', ['b']],
      ['min_confidence=0.5', ['b']],
      ['min_duration=10&ended=true', ['b']],
      ['min_duration=10', ['c', 'b']],
      ['reviewed=true', ['a']],
      ['reviewed=false', ['c', 'b']],
      ['ended=false', ['c']],
      ['q=LADDER%20person', ['b']],
      ['q=nothing', []],
    ];
    for (const [query, ids] of expected) expect([query, await idsOf(user, query)]).toEqual([query, ids]);
    const pages: string[] = [];
    let cursor = '';
    do {
      const { body } = await api.ask(user, 'GET', `/api/events?limit=1${cursor && `&cursor=${cursor}`}`);
      pages.push(...body.items.map(({ event_id }: CameraEvent) => event_id));
      cursor = body.next_cursor;
    } while (cursor);
    expect(pages).toEqual(['c', 'b', 'a']);
    for (const query of [
      ...[
        'cursor=x',
        'after=yesterday',
        'min_confidence=2',
        'reviewed=perhaps',
        'order=up',
        'camera_id=a%20b',
      ],
      ...['q=%00', 'q=%3F', 'label=', 'min_duration=-1', 'limit=0'],
    ])
      expect([query, (await api.ask(user, 'GET', `/api/events?${query}`)).status]).toEqual([query, 422]);
  });

  test('the summary counts by the hour of each camera, and has the hour that comes twice twice', async () => {
    const user = await api.user();
    await api.ask(user, 'POST', '/api/cameras', json({ camera_id: 'berlin', time_zone: 'Europe/Berlin' }));
    const person = { label: 'person', confidence: 0.8, box: { x: 0, y: 0, width: 1, height: 1 } };
    await batch(user, [
      // 02:30 in summer time, and 02:30 an hour later.
      { event_id: '1', camera_id: 'berlin', started_at: '2026-10-25T00:30:00Z', detected_objects: [person] },
      { event_id: '2', camera_id: 'berlin', started_at: '2026-10-25T01:30:00Z' },
    ]);
    const { body } = await api.ask(user, 'GET', '/api/events/summary');
    expect(body.items).toEqual([
      { hour: '2026-10-25T02:00:00+02:00', camera_id: 'berlin', label: 'person', events: 1 },
      { hour: '2026-10-25T02:00:00+01:00', camera_id: 'berlin', label: null, events: 1 },
    ]);
    const inKolkata = await api.ask(user, 'GET', '/api/events/summary?tz=Asia/Kolkata&label=person');
    expect(inKolkata.body.items).toMatchObject([{ hour: '2026-10-25T06:00:00+05:30', events: 1 }]);
    expect((await api.ask(user, 'GET', '/api/events/summary?tz=Mars/Olympus')).status).toBe(422);
  });

  test('few summaries are made at once', async () => {
    // SQLite answers each before it hears of the next.
    if (engine === 'sqlite') return;
    const user = await api.user();
    const ask = () => api.ask(user, 'GET', '/api/events/summary');
    const { asked } = await inTransaction(api.database, 'a lock', async (tx) => {
      // While the table is held, the first two are at work.
      await tx.execute('LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
      const asked = [ask(), ask(), ask()];
      expect((await Promise.race(asked)).status).toBe(503);
      return { asked };
    });
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 503]);
    expect((await ask()).status).toBe(200);
  });

  test('a clock that is ahead: the times of a box’s event are now at the latest, and it can be changed', async () => {
    const user = await api.user();
    const ahead = { created_at: '9999-12-31T23:59:59.999Z', updated_at: '9999-12-31T23:59:59.999Z' };
    const { body } = await post(user, { ...boxEvent(1), ...ahead });
    expect(Date.parse(body.created_at)).toBeLessThanOrEqual(Date.now());
    expect(body.updated_at).toBe(body.created_at);
    const changed = await api.ask(user, 'PATCH', `/api/events/${body.event_id}`, json({ keep: true }));
    expect([changed.status, changed.body.keep]).toEqual([200, true]);
    const past = { created_at: '2020-01-01T00:00:00.000Z', updated_at: '2020-01-02T00:00:00.000Z' };
    expect((await post(user, { ...boxEvent(2), ...past })).body).toMatchObject(past);
  });

  test('an event whose removal was broken off is gone; asked again, its removal goes on', async () => {
    const user = await api.user();
    const { event_id } = (await post(user, boxEvent(1))).body;
    const path = `/api/events/${event_id}`;
    const settings = cameraSettings.parse(engine === 'sqlite' ? { DOUBLETAKE_EVENTS_DATABASE_URL: url } : {});
    const store = openEventStore(settings, api.database, api.api.log);
    await store.of(user.id).beginRemoval(event_id);
    expect((await api.ask(user, 'GET', path)).status).toBe(404);
    expect((await api.ask(user, 'PATCH', path, json({ keep: true }))).status).toBe(404);
    expect(await idsOf(user, '')).toEqual([]);
    const again = await post(user, boxEvent(1));
    expect([again.status, again.body.detail]).toEqual([409, expect.stringContaining('is being removed')]);
    expect((await api.ask(user, 'DELETE', path)).status).toBe(204);
    expect((await api.ask(user, 'DELETE', path)).status).toBe(404);
    expect((await post(user, boxEvent(1))).status).toBe(201);
    await store.close();
  });

  test('the export has all of them, oldest first, and no cell that a spreadsheet would calculate', async () => {
    const user = await api.user();
    const sent = Array.from({ length: 2500 }, (_, n) => boxEvent(n));
    sent[3] = { ...boxEvent(3), llm_description: '=HYPERLINK("http://evil.example","x")' };
    await batch(user, sent);
    const get = async (query: string) => {
      const answer = await api.ask(user, 'GET', `/api/events/export?${query}`);
      expect(answer.headers.get('content-disposition')).toContain('attachment');
      return answer.body as string;
    };
    const text = await get('format=ndjson');
    const rows = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as CameraEvent);
    expect(rows.map(({ event_id }) => event_id)).toEqual(sent.map(({ event_id }) => event_id));
    const one = await api.ask(user, 'GET', `/api/events/${sent[3]?.event_id}`);
    expect(rows[3]).toEqual(one.body);
    const csv = await get('format=csv&camera_id=cam-3');
    const [head, ...cells] = csv.trim().split('\r\n');
    expect(head).toMatch(/^event_id,timestamp,camera_id,motion_confidence,detected_objects,/);
    expect(cells).toHaveLength(sent.filter(({ camera_id }) => camera_id === 'cam-3').length);
    expect(csv).toContain(`"'=HYPERLINK(""http://evil.example"",""x"")"`);
    expect((await api.ask(user, 'GET', '/api/events/export?format=xlsx')).status).toBe(422);
  });
});
