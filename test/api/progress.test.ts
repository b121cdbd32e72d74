import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { transitionJob } from '../../src/database/jobs/transition-job.ts';
import { form, video } from './form.ts';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';

let api: RunningApi;
let coach: TestUser;
beforeAll(async () => {
  api = await startApi();
  coach = await api.user();
});
afterAll(() => api.close());

async function newJob(): Promise<string> {
  const body = form(['kind', 'technique'], ['file', video(), 'a.mp4']);
  return (await api.ask(coach, 'POST', '/api/jobs', { body })).body.id;
}

const move = (id: string, to: string, stage: string) =>
  transitionJob(api.database, { job_id: id, attempt: 1, to, stage, why: 'test' });

/** Follows a job. `events` grows as they come; `closed` resolves when the stream ends. */
async function follow(id: string, signal?: AbortSignal) {
  const response = await fetch(`${api.url}/api/jobs/${id}/progress`, { headers: coach.headers, signal });
  const events: EventSourceMessage[] = [];
  let heard = () => {};
  const parser = createParser({
    onEvent(event) {
      events.push(event);
      heard();
    },
  });
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
      parser.feed(decoder.decode(chunk));
  };
  const closed = read().catch(() => {});
  /** Waits for an event whose job is so. */
  async function until(wanted: (job: { status: string }) => boolean): Promise<void> {
    while (!events.some(({ data }) => wanted(JSON.parse(data)))) {
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  }
  return { response, events, closed, until };
}

test('a job is followed from queued to its end, then the stream closes', async () => {
  const id = await newJob();
  const { response, events, closed, until } = await follow(id);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(response.headers.get('cache-control')).toBe('no-store');
  await until(({ status }) => status === 'queued');
  await move(id, 'processing', 'QUICK');
  await until(({ status }) => status === 'processing');
  await move(id, 'done', 'DONE');
  await closed;
  expect(events.at(-1)).toMatchObject({ event: 'end', id: 'end.1' });
  expect(events.slice(0, -1).every(({ event }) => event === 'progress')).toBe(true);
  expect(JSON.parse(events.at(-1)?.data ?? '')).toMatchObject({ id, phase: 'succeeded', progress_pct: 100 });
});

test('a job that has ended says so at once; a client that knew is told to stay away', async () => {
  const id = await newJob();
  await move(id, 'failed', 'FAILED');
  const { events, closed } = await follow(id);
  await closed;
  expect(events.map(({ event }) => event)).toEqual(['progress', 'end']);
  const again = await api.ask(coach, 'GET', `/api/jobs/${id}/progress`, {
    headers: { 'last-event-id': 'end.1' },
  });
  expect(again.status).toBe(204);
});

test('a client that leaves is forgotten', async () => {
  const id = await newJob();
  const leaving = new AbortController();
  const { until, closed } = await follow(id, leaving.signal);
  await until(({ status }) => status === 'queued');
  leaving.abort();
  await closed;
  // The server's side of it ends with the next thing it would have said.
  await move(id, 'processing', 'QUICK');
  const connections = () =>
    new Promise<number>((resolve) => api.api.server.getConnections((_e, n) => resolve(n)));
  expect(await connections()).toBeLessThanOrEqual(2);
});

test('many follow one job', async () => {
  const id = await newJob();
  const followers = await Promise.all(Array.from({ length: 20 }, () => follow(id)));
  await Promise.all(followers.map(({ until }) => until(({ status }) => status === 'queued')));
  await move(id, 'failed', 'FAILED');
  await Promise.all(followers.map(({ closed }) => closed));
  for (const { events } of followers) expect(events.at(-1)?.event).toBe('end');
});
