import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeCursor as decodeEventCursor } from '../../src/kinds/camera/events/cursor.ts';
import { jobSteps } from './job-steps.ts';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';

let api: RunningApi;
let coach: TestUser;
/** Of every list that has one, by the document. */
let lists: string[];
beforeAll(async () => {
  api = await startApi();
  coach = await api.user();
  const { newJob } = jobSteps(api, coach);
  await newJob();
  await newJob();
  for (const started_at of ['2026-10-01T00:00:00Z', '2026-10-01T00:00:01Z']) {
    const body = JSON.stringify({ event_id: randomUUID(), camera_id: 'yard', started_at });
    await api.ask(coach, 'POST', '/api/events', { headers: { 'content-type': 'application/json' }, body });
  }
  lists = api.contract.routes
    .filter(({ parameters }) => parameters?.some(({ name }) => name === 'cursor'))
    .map(({ path }) => path);
});
afterAll(() => api.close());

const encoded = (position: unknown) => Buffer.from(JSON.stringify(position)).toString('base64url');
const ask = (list: string, cursor: string) =>
  api.ask(coach, 'GET', `${list}?limit=1&cursor=${encodeURIComponent(cursor)}`);

const at = '2026-11-28T12:00:00.000Z';
const id = randomUUID();

const anyInstant = fc.oneof(
  fc.constantFrom(
    ...['0000-01-01T00:00:00.000Z', '-000001-01-01T00:00:00.000Z', '-271821-04-20T00:00:00.000Z'],
    ...['+010000-01-01T00:00:00.000Z', '+275760-09-13T00:00:00.000Z', '2026-02-30T00:00:00.000Z'],
    ...['2026-11-28', '2026-11-28T12:00:00Z', '2026-11-28T12:00:00.000+01:00', 'infinity', 'now', ''],
  ),
  fc.date({ noInvalidDate: true }).map((date) => String(date)),
  fc.date({ noInvalidDate: true, max: new Date(Date.UTC(0, 0)) }).map((date) => date.getTime()),
  fc.jsonValue(),
);
const anyId = fc.oneof(
  fc.constantFrom('', '7', `${id}0`, `{${id}}`, `${id}\0`, id.replaceAll('-', '')),
  fc.jsonValue(),
);

/** What a list never answers: the wrong instant, the wrong id, another shape, or the right ones written otherwise. */
const forged = fc
  .oneof(
    fc.tuple(anyInstant, fc.constant(id)).map(encoded),
    fc.tuple(fc.constant(at), anyId).map(encoded),
    fc.tuple(anyInstant, anyId).map(encoded),
    fc.jsonValue().map(encoded),
    fc.constantFrom(
      encoded([at, id, 1]),
      encoded({ 0: at, 1: id }),
      `${encoded([at, id])}=`,
      ` ${encoded([at, id])}`,
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }),
    fc.base64String({ minLength: 1, maxLength: 500 }),
    fc.string({ minLength: 501, maxLength: 2000 }),
  )
  // The lists' own form; nothing else has it.
  .filter((cursor) => cursor !== encoded([at, id]) && cursor !== '');

/** Events have ids that their boxes gave, so that a cursor of theirs may have any word where others have a UUID. */
const isAnEvents = (cursor: string) => {
  try {
    decodeEventCursor(cursor);
    return true;
  } catch {
    return false;
  }
};

test('a forged cursor is a 422 that names it, on every list that has one', async () => {
  expect(lists).toEqual(expect.arrayContaining(['/api/jobs', '/api/sessions']));
  await fc.assert(
    fc.asyncProperty(forged, fc.constantFrom(...lists), async (cursor, list) => {
      if (list === '/api/events' && isAnEvents(cursor)) return;
      const { status, body } = await ask(list, cursor);
      expect([status, body.errors?.[0]?.field]).toEqual([422, 'cursor']);
    }),
    { numRuns: 300 },
  );
});

test('a cursor of any instant that a row may have is taken, whatever row it is of', async () => {
  const four = { min: new Date('0001-01-01T00:00:00.000Z'), max: new Date('9999-12-31T23:59:59.999Z') };
  const own = fc
    .tuple(fc.date({ ...four, noInvalidDate: true }), fc.uuid())
    .map(([date, one]) => encoded([date, one]));
  const atEnds = fc.constantFrom(four.min, four.max).map((date) => encoded([date, id]));
  await fc.assert(
    fc.asyncProperty(fc.oneof(own, atEnds), fc.constantFrom(...lists), async (cursor, list) => {
      expect((await ask(list, cursor)).status).toBe(200);
    }),
    { numRuns: 50 },
  );
  for (const list of lists) {
    const { next_cursor } = (await api.ask(coach, 'GET', `${list}?limit=1`)).body;
    expect((await ask(list, next_cursor)).body.items).toHaveLength(1);
  }
});
