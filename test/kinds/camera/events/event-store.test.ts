import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkOfBox } from '../../../../src/kinds/camera/events/checks/given-event.ts';
import type {
  EventFilter,
  EventPage,
  OwnersEvents,
} from '../../../../src/kinds/camera/events/event-store.ts';
import { all, boxEvent, boxEvents, engines, newEvent, type Opened, seen } from './engines.ts';

/** What every store promises, whichever database it is. Each test has a user of its own. */
describe.each(engines)('in %s', (_name, open) => {
  let opened: Opened;
  let users = 0;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());

  const someone = () => opened.store.of(`user-${users++}`);
  const told = (id: string) => opened.lines.filter(({ fields }) => fields.event_id === id);
  const ids = async (mine: OwnersEvents, filter: EventFilter = {}) =>
    (await all(mine.eachEvent(filter))).map(({ event_id }) => event_id);

  test('an event is inserted once; a duplicate changes nothing, whatever its other fields, and a WARN line says so', async () => {
    const mine = someone();
    expect(await mine.insertEvent(newEvent('once', { zones: ['gate'] }))).toBe(true);
    const first = await mine.findEvent('once');
    expect(told('once')).toEqual([]);
    const other = newEvent('once', { started_at: '2027-01-01T00:00:00Z', camera_id: 'door', zones: [] });
    expect(await mine.insertEvent(other)).toBe(false);
    expect(await mine.findEvent('once')).toEqual(first);
    expect(told('once')).toMatchObject([
      { level: 'warn', fields: { camera_id: 'door', there: { camera_id: 'yard' } } },
    ]);
  });

  test('every field is read back as it was written', async () => {
    const mine = someone();
    const given = newEvent('full', {
      motion_confidence: 0.1 + 0.2,
      detected_objects: [seen('person', 1 / 3), seen('per"s\\on, {x}', 0)],
      llm_description: 'Somebody — 人 🐈 — came.\n\tTwice.',
      image_path: 'cameras/a/full.jpg',
      json_log_path: 'cameras/a/full.json',
      ended_at: '2026-05-01T10:00:07.123Z',
      last_seen_at: '2026-05-01T10:00:06Z',
      zones: ['drive, way', 'NULL', '{}', 'drive, way'],
      continues: 'before',
      end_reason: 'max_duration',
      reviewed_by: 'anna',
      reviewed_at: '2026-05-02T00:00:00Z',
      keep: true,
      false_positive: true,
      clip: { key: 'cameras/a/full.mp4', from_s: 0.1, to_s: 7.25 },
      described_by: 'model',
    });
    await mine.insertEvent(given);
    const event = await mine.findEvent('full');
    expect(event).toMatchObject({
      ...given,
      timestamp: given.started_at,
      last_seen_at: '2026-05-01T10:00:06.000Z',
      reviewed_at: '2026-05-02T00:00:00.000Z',
    });
    expect(JSON.stringify(event?.detected_objects)).toBe(JSON.stringify(given.detected_objects));
  });

  test('what is left out and what is null are read back as a new event has them', async () => {
    const mine = someone();
    const optional =
      'motion_confidence detected_objects llm_description image_path json_log_path ended_at zones continues end_reason time_source job_id reviewed_by reviewed_at keep false_positive created_at updated_at';
    const batch = optional.split(' ').map((field) => boxEvent(`null-${field}`, { [field]: null }));
    expect(await mine.insertEvents([boxEvent('none'), ...batch])).toMatchObject({ inserted: 18, failed: [] });
    const [none, ...others] = await all(mine.eachEvent({}));
    for (const other of others) expect({ ...other, event_id: 'none' }).toEqual(none);
  });

  test('a batch: the invalid are named, of two with one id the first wins, those that were there are duplicates', async () => {
    const mine = someone();
    await mine.insertEvent(newEvent('there', { llm_description: 'mine' }));
    const outcome = await mine.insertEvents([
      boxEvent('a', { zones: ['first'] }),
      { ...boxEvent('b'), motion_confidence: 7 },
      boxEvent('a', { zones: ['second'], timestamp: '2026-06-01T00:00:00Z' }),
      boxEvent('there'),
      null,
      boxEvent('c', { llm_description: 'half \ud83d' }),
      boxEvent('d', { zones: ['nul \0'] }),
      boxEvent('e'),
    ]);
    expect(outcome).toMatchObject({ inserted: 2, duplicates: 2 });
    expect(outcome.failed.map(({ index }) => index)).toEqual([1, 4, 5, 6]);
    expect(outcome.failed[0]?.reason).toContain('`motion_confidence`');
    expect(outcome.failed[2]?.reason).toContain('surrogate');
    expect(await ids(mine)).toEqual(['a', 'e', 'there']);
    expect(await mine.findEvent('a')).toMatchObject({ zones: ['first'] });
    expect(await mine.findEvent('there')).toMatchObject({ llm_description: 'mine' });
    expect(await mine.insertEvents([])).toEqual({ inserted: 0, duplicates: 0, failed: [] });
    expect(await mine.insertEvents([{}])).toMatchObject({ inserted: 0, failed: [{ index: 0 }] });
  });

  test('an event that cannot be kept is refused with the field', async () => {
    const mine = someone();
    for (const text of ['a\0b', '\ud800', 'x\udc00y'])
      await expect(mine.insertEvent(newEvent('no', { end_reason: text }))).rejects.toMatchObject({
        type: 'InvalidRequest',
        field: 'end_reason',
      });
    await expect(mine.insertEvent(newEvent('export'))).rejects.toMatchObject({ field: 'event_id' });
    expect(await ids(mine)).toEqual([]);
    expect(() => opened.store.of('a\0')).toThrow('NUL');
  });

  test('what one in a hundred, one in a thousand or only the oldest have is found page by page', async () => {
    const mine = someone();
    const has = (n: number) => [
      ...(n % 100 === 0 ? ['hundredth'] : []),
      ...(n % 1000 === 7 ? ['thousandth'] : []),
      ...(n < 60 ? ['oldest'] : []),
      ...(n >= 7000 && n < 7100 ? ['once'] : []),
      ...(n % 2 === 0 ? ['even'] : []),
    ];
    const events = boxEvents(8000, 'some').map((event, n) => ({
      ...event,
      event_id: `some${n}`,
      camera_id: n % 3 === 0 ? 'yard' : 'door',
      // Several begin at the same time, at the borders of pages, too.
      timestamp: new Date(Date.parse('2026-05-01T00:00:00Z') + Math.floor(n / 7) * 60_000).toISOString(),
      detected_objects: has(n).map((label) => seen(label)),
      zones: has(n),
      llm_description: has(n).join(' '),
      motion_confidence: n % 100 === 0 ? 0.9 : 0.1,
    }));
    await mine.insertEvents(events);
    const inOrder = (some: typeof events) =>
      some
        .map(({ timestamp, event_id }) => `${timestamp} ${event_id}`)
        .sort()
        .map((text) => text.split(' ')[1]);
    const where = (is: (event: (typeof events)[number]) => boolean) => inOrder(events.filter(is));
    const cases: [EventFilter, unknown[]][] = [
      ...['hundredth', 'thousandth', 'oldest', 'once', 'even', 'never'].flatMap((word) => {
        const expected = where(({ zones }) => zones.includes(word));
        return [
          [{ label: word }, expected],
          [{ zone: word }, expected],
          [{ q: word }, expected],
        ] as [EventFilter, unknown[]][];
      }),
      [{ min_confidence: 0.5 }, where(({ motion_confidence }) => motion_confidence > 0.5)],
      [
        { label: 'hundredth', camera_id: 'yard' },
        where(({ zones, camera_id }) => zones.includes('hundredth') && camera_id === 'yard'),
      ],
      [
        { q: 'even', after: new Date('2026-05-01T02:00:00Z'), before: new Date('2026-05-01T15:00:00Z') },
        where(
          ({ zones, timestamp }) =>
            zones.includes('even') &&
            timestamp > '2026-05-01T02:00:00.000Z' &&
            timestamp < '2026-05-01T15:00:00.000Z',
        ),
      ],
    ];
    for (const [filter, expected] of cases) {
      for (const order of ['asc', 'desc'] as const) {
        const found: string[] = [];
        let cursor: string | null = null;
        do {
          const page: EventPage = await mine.listEvents(filter, {
            limit: 40,
            order,
            ...(cursor && { cursor }),
          });
          found.push(...page.items.map(({ event_id }) => event_id));
          cursor = found.length < 400 ? page.next_cursor : null;
        } while (cursor !== null);
        const whole = order === 'asc' ? expected : expected.toReversed();
        expect([filter, order, found]).toEqual([filter, order, whole.slice(0, Math.max(400, found.length))]);
      }
    }
  });

  test('10,000 events, and 10,000 duplicates: nothing is added, and the log is not flooded', async () => {
    const mine = someone();
    const batch = boxEvents(10_000, 'many');
    expect(await mine.insertEvents(batch)).toEqual({ inserted: 10_000, duplicates: 0, failed: [] });
    expect(opened.lines.filter(({ fields }) => fields.events === 10_000)).toMatchObject([
      { level: 'info', fields: { ms: expect.any(Number) } },
    ]);
    const before = opened.lines.length;
    expect(await mine.insertEvents(batch)).toEqual({ inserted: 0, duplicates: 10_000, failed: [] });
    const warned = opened.lines.slice(before).filter(({ level }) => level === 'warn');
    expect(warned).toHaveLength(101);
    expect(warned.at(-1)?.fields).toEqual({ duplicates: 9900 });
    expect((await mine.listEvents({}, { limit: 1 })).items).toMatchObject([{ event_id: 'many9999' }]);
    expect(await all(mine.eachEvent({}))).toHaveLength(10_000);
  });

  test("one user's ids neither block nor reveal another's", async () => {
    const [mine, yours] = [someone(), someone()];
    await mine.insertEvent(newEvent('same', { zones: ['mine'] }));
    expect(await yours.findEvent('same')).toBeNull();
    expect(await yours.insertEvent(newEvent('same', { zones: ['yours'] }))).toBe(true);
    expect(await yours.insertEvents([boxEvent('same'), boxEvent('other')])).toMatchObject({ inserted: 1 });
    expect(await mine.findEvent('same')).toMatchObject({ zones: ['mine'] });
    expect(await mine.findEvent('other')).toBeNull();
    expect(await ids(mine, { zone: 'yours' })).toEqual([]);
    expect((await mine.findCamera('yard'))?.key).not.toBe((await yours.findCamera('yard'))?.key);
    expect(await mine.patchEvent('other', { keep: true }, 'me')).toBeNull();
    expect(await mine.beginRemoval('other')).toBeNull();
    expect(await mine.updateOpenEvent('other', 'job-1', { zones: [] })).toBe(false);
    expect(await mine.deleteCamera('yard')).toBe(true);
    expect(await ids(yours)).toEqual(['other', 'same']);
    expect(await mine.summary({}, undefined)).toEqual([]);
  });

  test('text that tries to be SQL is text', async () => {
    const mine = someone();
    const evil = [
      "'; DROP TABLE events; --",
      "') ON CONFLICT DO NOTHING; DELETE FROM events; --",
      '$1 ? ?? :x @x \\? \\',
      '{"a","b"}',
      '" OR 1=1 --',
      '%_*',
      '\\x00',
      "E'\\000'",
    ];
    for (const [n, text] of evil.entries()) {
      const event = boxEvent(`evil-${n}`, {
        llm_description: text,
        zones: [text],
        detected_objects: [seen(text)],
        end_reason: text,
        image_path: text,
      });
      expect(await mine.insertEvents([event])).toMatchObject({ inserted: 1 });
      expect(await mine.findEvent(`evil-${n}`)).toMatchObject({ llm_description: text, zones: [text] });
      expect(await ids(mine, { label: text })).toEqual([`evil-${n}`]);
      expect(await ids(mine, { zone: text })).toEqual([`evil-${n}`]);
      expect(await ids(mine, { camera_id: text })).toEqual([]);
      await mine.patchEvent(`evil-${n}`, { reviewed: true }, text);
    }
    expect(await ids(mine, { q: "'; DROP TABLE events; --" })).toEqual(['evil-0']);
    expect(await mine.findEvent("' OR '1'='1")).toBeNull();
    const foreign = opened.store.of("' OR '1'='1");
    expect(await ids(foreign)).toEqual([]);
  });

  test('every plane of Unicode is kept and found', async () => {
    const mine = someone();
    const events = Array.from({ length: 17 }, (_, plane) => {
      const text = String.fromCodePoint(plane * 0x10000 + 0x61, plane * 0x10000 + 0xfffd);
      return boxEvent(`plane-${plane}`, {
        llm_description: text,
        zones: [text],
        detected_objects: [seen(text)],
      });
    });
    expect(await mine.insertEvents(events)).toMatchObject({ inserted: 17 });
    for (const { event_id, zones, llm_description } of events) {
      expect(await mine.findEvent(event_id as string)).toMatchObject({ zones, llm_description });
      expect(await ids(mine, { zone: (zones as string[])[0] as string })).toEqual([event_id]);
    }
  });

  test('the largest event that can be is kept', async () => {
    const id = 'i'.repeat(128);
    const mine = opened.store.of(`${users++}${'\u{10ffff}'.repeat(240)}`);
    // One character becomes four words, of which the outer ones join those beside them: 1.3 MB of words, none twice.
    const syllable = (n: number) => String.fromCharCode(0xac00 + n);
    const wide = (n: number) =>
      Array.from({ length: 66 }, (_, k) => `${syllable(n)}${syllable(k)}\ufdfa`).join('');
    const largest = {
      ...boxEvent(id),
      camera_id: 'c'.repeat(128),
      detected_objects: Array.from({ length: 1000 }, (_, n) => seen(wide(n))),
      zones: Array.from({ length: 100 }, (_, n) => '\u{20000}'.repeat(99) + n),
      llm_description: Array.from({ length: 2000 }, (_, n) => `w${n}`)
        .join(' ')
        .slice(0, 10_000),
      image_path: '\u{10ffff}'.repeat(256),
      json_log_path: '\u{10fffe}'.repeat(256),
      end_reason: '\u{10ffff}'.repeat(100),
    };
    expect(await mine.insertEvents([largest, boxEvent('small')])).toEqual({
      inserted: 2,
      duplicates: 0,
      failed: [],
    });
    expect(await mine.findEvent(id)).toMatchObject({ zones: largest.zones, image_path: largest.image_path });
    const job = { ...newEvent('of-a-job'), job_id: '\u{10ffff}'.repeat(50), camera_id: largest.camera_id };
    expect(await mine.insertEvent(job)).toBe(true);
    expect(await ids(mine, { label: wide(999) })).toEqual([id]);
    // More words than PostgreSQL has room for would overwrite each other, without an error.
    expect(await ids(mine, { q: `${syllable(0)}${syllable(0)}صلى` })).toEqual([id]);
    expect(await ids(mine, { camera_id: largest.camera_id })).toEqual([id, 'of-a-job']);
  });

  test('an open event learns, is closed once, and a person’s words stay', async () => {
    const mine = someone();
    await mine.insertEvent(newEvent('open', { llm_description: 'Something moves.' }));
    const changes = { zones: ['gate'], detected_objects: [seen('cat')], motion_confidence: 0.5 };
    expect(await mine.updateOpenEvent('open', 'job-2', changes)).toBe(false);
    expect(await mine.updateOpenEvent('open', 'job-1', changes)).toBe(true);
    expect(await mine.findEvent('open')).toMatchObject({ ...changes, described_by: 'machine' });
    expect(await ids(mine, { q: 'cat gate' })).toEqual(['open']);
    await mine.updateOpenEvent('open', 'job-1', { llm_description: 'A cat.', described_by: 'model' });
    expect(await mine.findEvent('open')).toMatchObject({ llm_description: 'A cat.', described_by: 'model' });
    expect(await ids(mine, { q: 'something' })).toEqual([]);
    await mine.patchEvent('open', { llm_description: 'My cat.' }, 'anna');
    const ended = { ended_at: '2026-05-01T10:00:05.000Z', end_reason: 'ended', llm_description: 'A dog.' };
    await expect(
      mine.updateOpenEvent('open', 'job-1', { ended_at: '2026-05-01T09:00:00Z' }),
    ).rejects.toMatchObject({ type: 'InvalidRequest', field: 'ended_at' });
    expect(await mine.updateOpenEvent('open', 'job-1', ended)).toBe(true);
    expect(await mine.findEvent('open')).toMatchObject({
      ended_at: ended.ended_at,
      end_reason: 'ended',
      llm_description: 'My cat.',
      described_by: 'person',
    });
    expect(await mine.updateOpenEvent('open', 'job-1', { zones: [] })).toBe(false);
    // Also where the person wants no words.
    await mine.insertEvent(newEvent('silent', { llm_description: 'Something moves.' }));
    await mine.patchEvent('silent', { llm_description: null }, 'anna');
    await mine.updateOpenEvent('silent', 'job-1', { llm_description: 'It moves again.' });
    expect(await mine.findEvent('silent')).toMatchObject({ llm_description: null });
  });

  test('a person reviews, keeps, describes; who has seen another state is told', async () => {
    const mine = someone();
    await mine.insertEvent(newEvent('seen'));
    const before = await mine.findEvent('seen');
    const patched = await mine.patchEvent('seen', { reviewed: true, keep: true }, 'anna', before?.updated_at);
    expect(patched).toMatchObject({ reviewed_by: 'anna', reviewed_at: expect.any(String), keep: true });
    expect(patched).toEqual(await mine.findEvent('seen'));
    expect(Date.parse(patched?.updated_at as string)).toBeGreaterThan(
      Date.parse(before?.updated_at as string),
    );
    await expect(mine.patchEvent('seen', { keep: false }, 'ben', before?.updated_at)).rejects.toMatchObject({
      type: 'Conflict',
    });
    expect(await mine.patchEvent('seen', { reviewed: true }, 'ben')).toMatchObject({ reviewed_by: 'anna' });
    expect(await mine.patchEvent('seen', { reviewed: false, false_positive: true }, 'ben')).toMatchObject({
      reviewed_by: null,
      reviewed_at: null,
      false_positive: true,
      keep: true,
    });
    const wrong = mine.patchEvent('seen', { colour: 'red' } as never, 'ben');
    await expect(wrong).rejects.toMatchObject({ type: 'InvalidRequest', field: 'colour' });
    expect(await mine.patchEvent('absent', { keep: true }, 'ben')).toBeNull();
  });

  test('of many who change an event at once, each who saw the same state but one is told', async () => {
    const mine = someone();
    await mine.insertEvent(newEvent('race'));
    const before = await mine.findEvent('race');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) =>
        mine.patchEvent('race', { llm_description: `${n}` }, 'anna', before?.updated_at),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('a list by pages: newest first or oldest first, each once, equal starts in the order of ids', async () => {
    const mine = someone();
    const events = boxEvents(25).map((event, n) => ({
      ...event,
      event_id: `e${n}`,
      timestamp: new Date(Date.parse('2026-05-01T00:00:00Z') + Math.floor(n / 4) * 1000).toISOString(),
    }));
    await mine.insertEvents(events);
    const sorted = events
      .map(({ event_id, timestamp }) => ({ event_id, timestamp }))
      .sort((a, b) => (a.timestamp + a.event_id < b.timestamp + b.event_id ? -1 : 1))
      .map(({ event_id }) => event_id);
    for (const order of ['asc', 'desc'] as const) {
      const found: string[] = [];
      let cursor: string | null | undefined;
      while (cursor !== null) {
        const page = await mine.listEvents({}, { limit: 7, order, ...(cursor !== undefined && { cursor }) });
        found.push(...page.items.map(({ event_id }) => event_id));
        cursor = page.next_cursor;
      }
      expect(found).toEqual(order === 'asc' ? sorted : sorted.toReversed());
    }
    expect((await mine.listEvents({}, { limit: 25 })).next_cursor).toBeNull();
    const wrong = mine.listEvents({}, { limit: 7, cursor: 'eyJhIjoxfQ' });
    await expect(wrong).rejects.toMatchObject({ type: 'InvalidRequest', field: 'cursor' });
  });

  test('every filter, alone and together', async () => {
    const mine = someone();
    const now = Date.now();
    const ago = (s: number) => new Date(now - s * 1000).toISOString();
    await mine.insertEvents([
      boxEvent('cat', {
        camera_id: 'door',
        timestamp: ago(1000),
        ended_at: ago(970),
        detected_objects: [seen('cat')],
        zones: ['gate'],
        motion_confidence: 0.9,
        llm_description: 'A cat sits down.',
      }),
      boxEvent('car', {
        timestamp: ago(500),
        ended_at: ago(498),
        detected_objects: [seen('car'), seen('person'), seen('car', 0.2)],
        motion_confidence: 0.4,
      }),
      boxEvent('nothing', { timestamp: ago(100), llm_description: 'Cats and dogs.' }),
    ]);
    await mine.patchEvent('car', { reviewed: true }, 'anna');
    const expected: [EventFilter, string[]][] = [
      [{}, ['cat', 'car', 'nothing']],
      [{ camera_id: 'door' }, ['cat']],
      [{ camera_id: 'none' }, []],
      [{ after: new Date(ago(1000)) }, ['car', 'nothing']],
      [{ before: new Date(ago(500)) }, ['cat']],
      [{ after: new Date(ago(1001)), before: new Date(ago(499)) }, ['cat', 'car']],
      [{ label: 'car' }, ['car']],
      [{ label: 'Car' }, []],
      [{ zone: 'gate' }, ['cat']],
      [{ min_confidence: 0.4 }, ['cat', 'car']],
      [{ min_confidence: 0.41 }, ['cat']],
      [{ min_confidence: 0 }, ['cat', 'car']],
      [{ min_duration: 2 }, ['cat', 'car', 'nothing']],
      [{ min_duration: 30 }, ['cat', 'nothing']],
      [{ min_duration: 50 }, ['nothing']],
      [{ min_duration: 5000 }, []],
      [{ reviewed: true }, ['car']],
      [{ reviewed: false }, ['cat', 'nothing']],
      [{ ended: true }, ['cat', 'car']],
      [{ ended: false }, ['nothing']],
      // Whole words, without stemming.
      [{ q: 'cat' }, ['cat']],
      [{ q: 'CATS' }, ['nothing']],
      [{ q: 'sits gate door' }, ['cat']],
      [{ q: 'sits car' }, []],
      [{ q: 'yard' }, ['car', 'nothing']],
      [
        { q: 'cat', label: 'cat', zone: 'gate', camera_id: 'door', min_confidence: 0.9, ended: true },
        ['cat'],
      ],
      [{ q: 'cat', camera_id: 'yard' }, []],
      [{ label: 'car', reviewed: false }, []],
      [{ camera_id: 'yard', reviewed: false, ended: false, min_duration: 1 }, ['nothing']],
    ];
    for (const [filter, found] of expected) {
      expect([filter, await ids(mine, filter)]).toEqual([filter, found]);
      const { items } = await mine.listEvents(filter, { limit: 10 });
      expect([filter, items.map(({ event_id }) => event_id)]).toEqual([filter, found.toReversed()]);
    }
    for (const q of ['', '!?']) await expect(mine.listEvents({ q }, { limit: 1 })).rejects.toThrow('no word');
  });

  test('a summary by hour, camera and label; the hour that comes twice in autumn is two', async () => {
    const mine = someone();
    await mine.createCamera('yard', { time_zone: 'Europe/Berlin' });
    await mine.insertEvents([
      boxEvent('first', { timestamp: '2026-10-25T00:30:00Z', detected_objects: [seen('cat'), seen('cat')] }),
      boxEvent('second', { timestamp: '2026-10-25T01:30:00Z', detected_objects: [seen('cat'), seen('dog')] }),
      boxEvent('third', { timestamp: '2026-10-25T01:59:59.999Z' }),
      boxEvent('old', { timestamp: '1969-12-31T23:59:59.999Z', camera_id: 'door' }),
    ]);
    expect(await ids(mine, { after: new Date(0) })).toEqual(['first', 'second', 'third']);
    const [door, ...yard] = await mine.summary({}, undefined);
    expect(door).toEqual({ hour: '1969-12-31T23:00:00+00:00', camera_id: 'door', label: null, events: 1 });
    expect(yard.map(({ hour, label, events }) => [hour, label, events])).toEqual([
      ['2026-10-25T02:00:00+02:00', 'cat', 1],
      ['2026-10-25T02:00:00+01:00', 'cat', 1],
      ['2026-10-25T02:00:00+01:00', 'dog', 1],
      ['2026-10-25T02:00:00+01:00', null, 1],
    ]);
    const there = await mine.summary({ label: 'dog' }, 'Asia/Kathmandu');
    expect(there).toMatchObject([{ hour: '2026-10-25T07:00:00+05:45', label: 'cat' }, { label: 'dog' }]);
    await expect(mine.summary({}, 'Mars/Olympus')).rejects.toMatchObject({ field: 'tz' });
  });

  test('a stream hears of every change once, in order, whatever the size of its answers', async () => {
    const mine = someone();
    await mine.insertEvents(boxEvents(3, 'before'));
    const start = await mine.now();
    expect((await mine.changedSince(start, 10)).items).toEqual([]);
    await mine.insertEvents(boxEvents(7, 'batch'));
    await mine.insertEvent(newEvent('open'));
    await mine.updateOpenEvent('open', 'job-1', { zones: ['gate'] });
    await mine.patchEvent('before1', { keep: true }, 'anna');
    for (const limit of [1, 3, 100]) {
      const heard: string[] = [];
      for (let point = start; ; ) {
        const { items, next } = await mine.changedSince(point, limit);
        if (items.length === 0) break;
        heard.push(...items.map(({ event_id }) => event_id));
        expect(items.every(({ event_id, zones }) => event_id !== 'open' || zones[0] === 'gate')).toBe(true);
        point = next;
      }
      const batch = Array.from({ length: 7 }, (_, n) => `batch${n}`);
      expect([limit, heard]).toEqual([limit, [...batch, 'open', 'before1']]);
    }
    expect((await someone().changedSince(start, 10)).items).toEqual([]);
    for (const wrong of ['', 'x', '[]', '["10:20:30:40"]', '[1.5,"a"]'])
      await expect(mine.changedSince(wrong, 10)).rejects.toMatchObject({ type: 'InvalidRequest' });
  });

  test('a camera is made by its first event, changed by version, and removed with its events', async () => {
    const mine = someone();
    await mine.insertEvents([boxEvent('a'), boxEvent('b', { camera_id: 'door' })]);
    const yard = await mine.findCamera('yard');
    expect(yard).toMatchObject({ time_zone: 'UTC', version: 1, zones: [], offline_since: null });
    expect(await mine.ensureCamera('yard')).toEqual(yard);
    expect((await mine.listCameras()).map(({ camera_id }) => camera_id)).toEqual(['door', 'yard']);
    await expect(mine.createCamera('yard', {})).rejects.toMatchObject({ type: 'Conflict' });
    const polygon = [[0, 0] as const, [1, 0] as const, [0.5, 1] as const];
    const zones = [{ name: 'gate', polygon }];
    const changed = await mine.changeCamera('yard', { zones, name: 'Yard' }, 1);
    expect(changed).toMatchObject({ zones, name: 'Yard', version: 2, key: yard?.key });
    await expect(mine.changeCamera('yard', { zones: [] }, 1)).rejects.toMatchObject({ type: 'Conflict' });
    expect(await mine.changeCamera('yard', { retention_days: 7 })).toMatchObject({
      version: 2,
      retention_days: 7,
    });
    expect(await mine.changeCamera('none', {})).toBeNull();
    await expect(mine.createCamera('far', { time_zone: 'Mars' })).rejects.toMatchObject({
      field: 'time_zone',
    });
    await expect(mine.createCamera('a b', {})).rejects.toMatchObject({ field: 'camera_id' });

    await mine.setOffline('yard', new Date('2026-05-01T00:00:00Z'));
    expect(await mine.findCamera('yard')).toMatchObject({ offline_since: '2026-05-01T00:00:00.000Z' });
    await mine.setOffline('yard', null);
    expect(await mine.findCamera('yard')).toMatchObject({ offline_since: null });

    expect(await mine.deleteCamera('yard')).toBe(true);
    expect(await mine.deleteCamera('yard')).toBe(false);
    expect(await ids(mine)).toEqual(['b']);
    expect(await ids(mine, { q: 'yard' })).toEqual([]);
    expect((await mine.ensureCamera('yard')).key).not.toBe(yard?.key);
  });

  test('a recording without a clock began when its first upload said; one with a clock says so itself', async () => {
    const mine = someone();
    const sha = 'c'.repeat(64);
    const said = (at: string, time_source: 'upload' | 'arrival' | 'recorded_at') => ({
      at: new Date(at),
      time_source,
    });
    const first = said('2026-05-01T10:00:00.123Z', 'upload');
    expect(await mine.recordingStart('yard', sha, first)).toEqual(first);
    expect(await mine.recordingStart('yard', sha, said('2026-06-01T10:00:00Z', 'upload'))).toEqual(first);
    const segment = said('2026-05-02T10:00:00Z', 'arrival');
    expect(await mine.recordingStart('yard', 'e'.repeat(64), segment)).toEqual(segment);
    const again = said('2026-05-02T10:00:08Z', 'arrival');
    expect(await mine.recordingStart('yard', 'e'.repeat(64), again)).toEqual(segment);
    const clock = said('2020-01-01T00:00:00Z', 'recorded_at');
    expect(await mine.recordingStart('yard', sha, clock)).toEqual(clock);
    const later = said('2026-07-01T10:00:00Z', 'upload');
    expect(await mine.recordingStart('door', sha, later)).toEqual(later);
    expect(await someone().recordingStart('yard', sha, later)).toEqual(later);
    // Two uploads at once agree.
    const starts = await Promise.all(
      ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z'].map((at) =>
        mine.recordingStart('yard', 'd'.repeat(64), said(at, 'upload')),
      ),
    );
    expect(new Set(starts.map(({ at }) => at.getTime())).size).toBe(1);
  });

  test('events of a job: listed, and closed with the last time that something was seen of them', async () => {
    const owner = `user-${users++}`;
    const mine = opened.store.of(owner);
    await mine.insertEvent(newEvent('closed', { ended_at: '2026-05-01T10:00:01Z', job_id: 'mine' }));
    await mine.insertEvent(newEvent('open', { started_at: '2026-05-01T10:00:02Z', job_id: 'mine' }));
    await mine.insertEvent(newEvent('new', { started_at: '2026-05-01T10:00:04.000Z', job_id: 'mine' }));
    await mine.insertEvent(newEvent('others', { job_id: 'other' }));
    await mine.updateOpenEvent('open', 'mine', { last_seen_at: '2026-05-01T10:00:03.000Z' });
    const listed = await all(opened.store.eventsOfJob(owner, 'mine'));
    expect(listed.map(({ event_id }) => event_id)).toEqual(['closed', 'open', 'new']);
    expect(await opened.store.jobsWithOpenEvents(100)).toEqual(
      expect.arrayContaining([
        { owner, job_id: 'mine' },
        { owner, job_id: 'other' },
      ]),
    );
    expect(await opened.store.jobsWithOpenEvents(1)).toHaveLength(1);
    expect(await opened.store.closeEventsOfJob(owner, 'mine', 'stopped')).toBe(2);
    expect(await opened.store.closeEventsOfJob(owner, 'mine', 'stopped')).toBe(0);
    expect(await mine.findEvent('open')).toMatchObject({
      ended_at: '2026-05-01T10:00:03.000Z',
      end_reason: 'stopped',
    });
    expect(await mine.findEvent('new')).toMatchObject({ ended_at: '2026-05-01T10:00:04.000Z' });
    expect(await mine.findEvent('others')).toMatchObject({ ended_at: null });
    // The job goes on, and so does its event; whatever ended otherwise stays as it is.
    expect(await mine.updateOpenEvent('open', 'mine', { zones: ['door'] })).toBe(true);
    expect(await mine.findEvent('open')).toMatchObject({ ended_at: null, end_reason: null, zones: ['door'] });
    expect(await mine.updateOpenEvent('closed', 'mine', { zones: [] })).toBe(false);
  });

  test('retention by camera, from when an event was stored: of each the oldest first, without what is kept or still open', async () => {
    const owner = `user-${users++}`;
    const mine = opened.store.of(owner);
    const now = new Date('2020-06-01T00:00:00Z');
    const days = (n: number) => new Date(now.getTime() - n * 86_400_000).toISOString();
    await mine.createCamera('short', { retention_days: 2 });
    await mine.createCamera('long', { retention_days: 90 });
    const old = (id: string, camera_id: string, n: number, changes = {}) => {
      const times = { started_at: days(n), ended_at: days(n - 0.01), created_at: days(n) };
      return mine.insertEvent(newEvent(id, { camera_id, ...times, ...changes }));
    };
    await old('short-3', 'short', 3);
    await old('short-1', 'short', 1);
    await old('long-50', 'long', 50);
    await old('usual-40', 'yard', 40);
    await old('usual-20', 'yard', 20);
    await old('kept', 'yard', 50, { keep: true });
    await old('open', 'yard', 50, { ended_at: null });
    await old('of-a-box', 'yard', 45, { ended_at: null, job_id: null });
    await old('of-last-year', 'yard', 400, { created_at: days(1) });
    await old('clock-ahead', 'yard', 35, { ended_at: days(-9000) });
    await old('ends-late', 'yard', 31, { ended_at: days(29) });
    await old('watched', 'yard', 60, { job_id: 'at-work' });
    const expired = async (limit: number) =>
      (await opened.store.expiredEvents(30, now, limit, ['at-work'])).filter(
        (event) => event.owner === owner,
      );
    expect((await expired(5000)).map(({ event_id }) => event_id)).toEqual([
      'short-3',
      'of-a-box',
      'usual-40',
      'clock-ahead',
    ]);
    expect(await opened.store.expiredEvents(30, now, 2)).toHaveLength(2);
    const going = await expired(5000);
    // Somebody keeps one of them after they were read.
    await mine.patchEvent('clock-ahead', { keep: true }, 'anna');
    expect(await opened.store.beginRemovals(going)).toBe(3);
    expect(await expired(5000)).toEqual([]);
    expect(await opened.store.deleteEvents([...going, { owner: 'nobody', event_id: 'open' }])).toBe(3);
    expect(await ids(mine)).toEqual([
      'of-last-year',
      'watched',
      'kept',
      'long-50',
      'open',
      'clock-ahead',
      'ends-late',
      'usual-20',
      'short-1',
    ]);
  });

  test('what is being removed is read, changed and told by nobody, and is found again by whoever finishes it', async () => {
    const owner = `user-${users++}`;
    const mine = opened.store.of(owner);
    await mine.insertEvents([boxEvent('stays'), boxEvent('box', { ended_at: null })]);
    await mine.insertEvent(newEvent('open', { job_id: 'mine', zones: ['gate'], llm_description: 'a word' }));
    const point = await mine.now();
    await mine.patchEvent('box', { keep: true }, 'anna');
    await mine.updateOpenEvent('open', 'mine', { last_seen_at: '2026-05-01T10:00:03.000Z' });
    expect(await mine.beginRemoval('none')).toBeNull();
    expect(await mine.beginRemoval('open')).toMatchObject({
      event_id: 'open',
      camera_key: (await mine.findCamera('yard'))?.key,
    });
    // It is asked for, so `keep` does not matter; asked for again, it is the same.
    for (let n = 0; n < 2; n++) expect(await mine.beginRemoval('box')).toMatchObject({ keep: true });

    for (const filter of [{}, { zone: 'gate' }, { q: 'word' }, { ended: false }, { min_duration: 1 }])
      expect(await ids(mine, filter)).toEqual('zone' in filter || 'q' in filter ? [] : ['stays']);
    expect(await mine.findEvent('open')).toBeNull();
    expect(await mine.findEvents(['open', 'stays', 'none', 'box'])).toMatchObject([{ event_id: 'stays' }]);
    expect(await mine.summary({}, undefined)).toMatchObject([{ events: 1 }]);
    expect((await mine.changedSince(point, 10)).items).toEqual([]);
    expect(await all(opened.store.eventsOfJob(owner, 'mine'))).toEqual([]);
    expect(await opened.store.jobsWithOpenEvents(1000)).not.toContainEqual({ owner, job_id: 'mine' });
    expect(await opened.store.closeEventsOfJob(owner, 'mine', 'stopped')).toBe(0);
    expect(await mine.patchEvent('box', { keep: false }, 'anna')).toBeNull();
    expect(await mine.updateOpenEvent('open', 'mine', { zones: [] })).toBe(false);
    expect(await mine.isBeingRemoved('open')).toBe(true);
    expect(await mine.isBeingRemoved('stays')).toBe(false);
    // One of the same id would lose its objects to the other's removal.
    await expect(mine.insertEvent(newEvent('open'))).rejects.toMatchObject({
      type: 'DatabaseWriteError',
      retryable: true,
    });
    expect(await mine.insertEvents([boxEvent('box')])).toMatchObject({ inserted: 0, duplicates: 1 });

    const removed = (await opened.store.removedEvents(1000)).filter((event) => event.owner === owner);
    expect(removed.map(({ event_id }) => event_id).sort()).toEqual(['box', 'open']);
    expect(await mine.beginRemovalOfCamera('yard', 1)).toHaveLength(1);
    expect((await mine.beginRemovalOfCamera('yard', 10)).map(({ event_id }) => event_id).sort()).toEqual([
      ...['box', 'open', 'stays'],
    ]);
    expect(await opened.store.deleteEvents(removed)).toBe(2);
    expect(await mine.insertEvent(newEvent('open'))).toBe(true);
    // Only what is being removed goes.
    expect(await opened.store.deleteEvents([{ owner, event_id: 'open' }])).toBe(0);
    expect(await ids(mine)).toEqual(['open']);
  });

  test('which objects rows claim: of a box only those of its own camera', async () => {
    const owner = `user-${users++}`;
    const mine = opened.store.of(owner);
    const { key } = await mine.ensureCamera('yard');
    const under = (name: string) => `cameras/${key}/${name}`;
    await mine.insertEvent(
      newEvent('whole', {
        ended_at: '2026-05-01T10:00:01Z',
        image_path: under('whole.jpg'),
        json_log_path: under('whole.json'),
        clip: { key: under('whole.mp4'), from_s: 0, to_s: 1 },
      }),
    );
    await mine.insertEvent(newEvent('open'));
    const foreign = 'originals/somebody/else.mp4';
    await mine.insertEvents([boxEvent('box', { image_path: under('box.jpg'), json_log_path: foreign })]);
    const claimed = ['whole.jpg', 'whole.json', 'whole.mp4', 'open.jpg', 'open/log.json', 'box.jpg'].map(
      under,
    );
    const others = [under('opener.jpg'), under('gone.jpg'), `cameras/${'0'.repeat(36)}/open.jpg`, foreign];
    expect(await opened.store.whichKeysAreClaimed([...claimed, ...others])).toEqual(new Set(claimed));
    expect(await opened.store.whichKeysAreClaimed([])).toEqual(new Set());
  });

  test('a walk through what names objects, and an event whose objects are gone: it names them no longer', async () => {
    const owner = `user-${users++}`;
    const mine = opened.store.of(owner);
    const clip = { key: 'clip', from_s: 0, to_s: 1 };
    await mine.insertEvent(newEvent('a', { image_path: 'picture', json_log_path: 'log', clip }));
    await mine.insertEvent(newEvent('b', { clip }));
    await mine.insertEvent(newEvent('c', { json_log_path: 'log' }));
    await mine.insertEvent(newEvent('d'));
    const later = new Date(Date.now() + 60_000);
    const page = async (after: string, limit: number, since = later) =>
      opened.store.eventsWithObjects(since, { owner, event_id: after }, limit);
    const named = (await page('', 3)).map(({ event_id }) => event_id);
    expect(named).toEqual(['a', 'b', 'c']);
    expect(await page('a', 1)).toMatchObject([
      { event_id: 'b', camera_key: (await mine.findCamera('yard'))?.key },
    ]);
    expect((await page('', 3, new Date(0))).filter((event) => event.owner === owner)).toEqual([]);

    const [a] = await page('', 1);
    if (!a) throw new Error('There is no event.');
    expect(await opened.store.forgetObjects(a, ['picture', 'clip'])).toBe(true);
    expect(await mine.findEvent('a')).toMatchObject({ image_path: null, json_log_path: 'log', clip: null });
    // It is not what was looked at any more.
    expect(await opened.store.forgetObjects(a, ['log'])).toBe(false);
    expect(await mine.findEvent('a')).toMatchObject({ json_log_path: 'log' });
    await mine.beginRemoval('b');
    expect(await page('a', 1)).toMatchObject([{ event_id: 'c' }]);
  });

  test('what is deleted is answered for its objects, and is found no more', async () => {
    const owner = `user-${users++}`;
    const mine = opened.store.of(owner);
    await mine.insertEvent(newEvent('gone', { image_path: 'k', llm_description: 'unique-word' }));
    expect(await mine.beginRemoval('gone')).toMatchObject({ event_id: 'gone', image_path: 'k' });
    expect(await opened.store.deleteEvents([{ owner, event_id: 'gone' }])).toBe(1);
    expect(await mine.beginRemoval('gone')).toBeNull();
    expect(await mine.isBeingRemoved('gone')).toBe(false);
    expect(await ids(mine, { q: 'unique-word' })).toEqual([]);
    expect(await mine.insertEvent(newEvent('gone'))).toBe(true);
  });

  test('two writers at once, with many events in common: each is stored once', async () => {
    const owner = `user-${users++}`;
    const stores = [opened.store, await opened.again(), await opened.again()];
    const outcomes = await Promise.all(
      stores.flatMap((store, n) => [
        store.of(owner).insertEvents(boxEvents(1000, 'shared')),
        store.of(owner).insertEvents(boxEvents(1000, 'shared').reverse()),
        store.of(owner).insertEvents(boxEvents(100, `own-${n}-`, { camera_id: `camera-${n}` })),
      ]),
    );
    const added = outcomes.map(({ inserted }) => inserted).reduce((a, b) => a + b);
    expect(added).toBe(1300);
    expect(outcomes.map(({ inserted, duplicates }) => inserted + duplicates)).toEqual(
      stores.flatMap(() => [1000, 1000, 100]),
    );
    expect(await all(opened.store.of(owner).eachEvent({}))).toHaveLength(1300);
    await opened.store.ping();
  });

  test('1,000 events of boxes are all there, every field equal', async () => {
    const mine = someone();
    const events = boxEvents(1000, 'whole').map((event, n) => ({
      ...event,
      motion_confidence: n / 1000,
      detected_objects: n % 3 ? [seen(`label-${n % 7}`, n / 1000)] : [],
      llm_description: n % 2 ? `Event number ${n}` : null,
      image_path: n % 5 ? `cameras/x/${n}.jpg` : null,
      ended_at: n % 4 ? new Date(Date.parse(event.timestamp as string) + n).toISOString() : null,
      zones: n % 6 ? ['gate', `zone-${n % 9}`] : [],
    }));
    expect(await mine.insertEvents(events)).toEqual({ inserted: 1000, duplicates: 0, failed: [] });
    const found = await all(mine.eachEvent({}));
    expect(found).toHaveLength(1000);
    for (const [n, event] of found.entries()) {
      const checked = checkOfBox(events[n], event.owner, new Date(event.created_at));
      expect({ event }).toEqual(checked);
    }
  });
});
