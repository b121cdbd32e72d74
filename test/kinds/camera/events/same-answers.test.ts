import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { timeSources } from '../../../../src/kinds/camera/events/event.ts';
import type { EventFilter, StoredEvent } from '../../../../src/kinds/camera/events/event-store.ts';
import { all, engines, type Opened } from './engines.ts';

/** Whatever is stored and asked, both engines answer alike. fast-check prints the seed of what they don't. */

let opened: Opened[];
let users = 0;
beforeAll(async () => {
  opened = await Promise.all(engines.map(([, open]) => open()));
});
afterAll(async () => {
  for (const { close } of opened) await close();
});

/** All of Unicode but NUL. */
const text = (maxLength: number) =>
  fc.string({ unit: 'binary', minLength: 1, maxLength }).filter((given) => !given.includes('\0'));
const fraction = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
const instant = (min: string, max: string) =>
  fc.date({ min: new Date(min), max: new Date(max), noInvalidDate: true }).map((date) => date.toISOString());
const anyTime = instant('0001-01-01T00:00:00Z', '9999-12-30T00:00:00Z');
/** What is still to come is taken for now. */
const past = instant('0001-01-01T00:00:00Z', new Date().toISOString());
const id = fc.stringMatching(/^[A-Za-z0-9._:-]{1,128}$/);
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const seen = (label: fc.Arbitrary<string>) =>
  fc.record({
    label,
    confidence: fraction,
    box: fc.record({ x: fraction, y: fraction, width: fraction, height: fraction }),
  });

const anyEvent = fc
  .record({
    event_id: id.filter((given) => !['summary', 'export', 'stream', 'batch'].includes(given)),
    camera_id: id.filter((given) => !['summary', 'export', 'stream', 'batch'].includes(given)),
    started_at: anyTime,
    lasts: orNull(fc.nat({ max: 80_000_000 })),
    motion_confidence: orNull(fraction),
    detected_objects: fc.array(seen(text(200)), { maxLength: 4 }),
    llm_description: orNull(fc.oneof(text(300), fc.constant(''))),
    image_path: orNull(text(100)),
    json_log_path: orNull(text(100)),
    zones: fc.array(text(200), { maxLength: 4 }),
    continues: orNull(id.filter((given) => !['summary', 'export', 'stream', 'batch'].includes(given))),
    end_reason: orNull(text(50)),
    time_source: fc.constantFrom(...timeSources),
    reviewed_by: orNull(text(50)),
    reviewed_at: orNull(anyTime),
    keep: fc.boolean(),
    false_positive: fc.boolean(),
    created_at: past,
    updated_at: past,
  })
  .map(({ lasts, ...event }) => ({
    ...event,
    ended_at: lasts === null ? null : new Date(Date.parse(event.started_at) + lasts).toISOString(),
  }));

test('any event that can be is read back with every field equal', async () => {
  await fc.assert(
    fc.asyncProperty(anyEvent, async (event) => {
      const owner = `user-${users++}`;
      for (const { store } of opened) {
        const mine = store.of(owner);
        expect(await mine.insertEvents([event])).toEqual({ inserted: 1, duplicates: 0, failed: [] });
        const expected: Partial<StoredEvent> = { ...event, owner, timestamp: event.started_at, job_id: null };
        expect(await mine.findEvent(event.event_id)).toEqual({
          ...expected,
          clip: null,
          last_seen_at: null,
          described_by: null,
        });
        // What it is found by was kept, too.
        expect((await mine.listEvents({ camera_id: event.camera_id }, { limit: 1 })).items).toHaveLength(1);
        for (const zone of event.zones)
          expect((await mine.listEvents({ zone }, { limit: 1 })).items).toHaveLength(1);
        for (const { label } of event.detected_objects)
          expect((await mine.listEvents({ label }, { limit: 1 })).items).toHaveLength(1);
      }
    }),
    { numRuns: 40 },
  );
});

const words = [
  'cat',
  'Cat',
  'cats',
  'straße',
  'STRASSE',
  '黒い猫',
  'é',
  'e\u0301',
  '🐈',
  'front-door',
  'ΟΔΟΣ',
  '7',
];
const word = fc.constantFrom(...words);
const few = fc.constantFrom('yard', 'door', 'front-door');
const near = instant('2026-10-24T20:00:00Z', '2026-10-25T04:00:00Z');

const crowd = fc.uniqueArray(
  fc
    .record({
      event_id: fc.stringMatching(/^[a-cA-C:_.-]{1,3}$/),
      camera_id: few,
      timestamp: near,
      lasts: orNull(fc.nat({ max: 20_000 })),
      motion_confidence: orNull(fc.constantFrom(0, 0.1, 0.5, 1)),
      detected_objects: fc.array(seen(word), { maxLength: 2 }),
      llm_description: orNull(fc.array(word, { maxLength: 3 }).map((some) => some.join(' '))),
      zones: fc.array(word, { maxLength: 2 }),
      reviewed_at: orNull(near),
    })
    .map(({ lasts, ...event }) => ({
      ...event,
      ended_at: lasts === null ? null : new Date(Date.parse(event.timestamp) + lasts).toISOString(),
    })),
  { selector: ({ event_id }) => event_id, minLength: 5, maxLength: 40 },
);

const filter: fc.Arbitrary<EventFilter> = fc.record(
  {
    camera_id: few,
    after: near.map((at) => new Date(at)),
    before: near.map((at) => new Date(at)),
    label: word,
    zone: word,
    min_confidence: fc.constantFrom(0, 0.1, 0.3, 1),
    min_duration: fc.constantFrom(0, 0.5, 5, 20),
    reviewed: fc.boolean(),
    ended: fc.boolean(),
    q: fc.array(word, { minLength: 1, maxLength: 2 }).map((some) => some.join(' ')),
  },
  { requiredKeys: [] },
);

test('the same filter finds the same events in the same order, page by page, and counts them alike', async () => {
  await fc.assert(
    fc.asyncProperty(
      crowd,
      fc.array(filter, { minLength: 8, maxLength: 8 }),
      fc.constantFrom('asc' as const, 'desc' as const),
      fc.integer({ min: 1, max: 10 }),
      async (events, filters, order, limit) => {
        const owner = `user-${users++}`;
        const answers = await Promise.all(
          opened.map(async ({ store }) => {
            const mine = store.of(owner);
            await mine.insertEvents(events);
            const found: unknown[] = [];
            for (const asked of [{}, ...filters]) {
              const each = (await all(mine.eachEvent(asked))).map(({ event_id }) => event_id);
              const first = await mine.listEvents(asked, { limit, order });
              const cursor = first.next_cursor;
              const second = cursor === null ? null : await mine.listEvents(asked, { limit, order, cursor });
              const pages = [...first.items, ...(second?.items ?? [])].map(({ event_id }) => event_id);
              const whole = order === 'asc' ? each : each.toReversed();
              expect(pages).toEqual(whole.slice(0, 2 * limit));
              const counted = await mine.summary(asked, 'Europe/Berlin');
              found.push({ asked, each, cursor, counted });
            }
            return found;
          }),
        );
        expect(answers[1]).toEqual(answers[0]);
        expect(answers[0]?.[0]).toMatchObject({ each: { length: events.length } });
      },
    ),
    { numRuns: 40 },
  );
});
