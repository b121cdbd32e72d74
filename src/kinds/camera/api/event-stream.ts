import { setTimeout as sleep } from 'node:timers/promises';
import type { CameraEvent } from '../events/event.ts';
import type { ChangePoint, OwnersEvents } from '../events/event-store.ts';
import { viewOfEvent } from './views.ts';

export interface EventSource {
  events: Pick<OwnersEvents, 'changedSince'>;
  /** Where to go on: what changed after it is told. */
  from: ChangePoint;
  wanted(event: CameraEvent): boolean;
  /** Asked before anything is told: a problem (RFC 9457) once the client may no longer read; else null. */
  refusal(): Promise<object | null>;
  /** Aborted when the client goes or the server stops. */
  signal: AbortSignal;
  pollMs?: number;
  /** Proxies cut silent connections, many after 60 s. */
  keepAliveMs?: number;
}

/** Of changes at once; more are asked for at once. */
const most = 200;

/** A point between changes, as a line that an `id:` can have. */
const idOf = (point: ChangePoint) => Buffer.from(point).toString('base64url');

/**
 * Where a stream begins: after what a client saw last, by its `Last-Event-ID`, or now.
 * @throws InvalidRequest for an id that no stream gave out
 */
export async function startOf(
  events: Pick<OwnersEvents, 'changedSince' | 'now'>,
  lastEventId: string | undefined,
): Promise<ChangePoint> {
  if (lastEventId === undefined || lastEventId === '') return events.now();
  const point = Buffer.from(lastEventId, 'base64url').toString();
  // Refused here, where it can be answered.
  await events.changedSince(point, 1);
  return point;
}

/**
 * Server-sent events: `event` with an event whenever one was stored or changed; `problem` once the client may no longer
 * read, then the stream closes. Its ids name points between changes, so a client that comes back with the last one misses
 * nothing.
 */
export async function* eventStream(source: EventSource): AsyncGenerator<string, void> {
  const { events, from, wanted, refusal, signal, pollMs = 1000, keepAliveMs = 15_000 } = source;
  let point = from;
  yield `retry: 2000\nid: ${idOf(point)}\n\n`;
  let toldAt = performance.now();
  while (!signal.aborted) {
    const read = await events.changedSince(point, most).catch(() => undefined);
    const news = read?.items.filter(wanted) ?? [];
    const isSilent = performance.now() - toldAt >= keepAliveMs;
    if (news.length > 0 || isSilent) {
      const refused = await refusal();
      if (refused) return yield `event: problem\ndata: ${JSON.stringify(refused)}\n\n`;
      toldAt = performance.now();
    }
    const id = read ? `id: ${idOf(read.next)}\n` : '';
    for (const [n, event] of news.entries()) {
      // Before the last of them an id would pass over those that are still to come.
      const last = n === news.length - 1 ? id : '';
      yield `event: event\n${last}data: ${JSON.stringify(viewOfEvent(event as never))}\n\n`;
    }
    // Alone, the id is kept by the client, and nothing is told.
    if (news.length === 0 && isSilent) yield `: keep-alive\n${id}\n`;
    point = read?.next ?? point;
    if (read && read.items.length === most) continue;
    // The database out of reach is a pause, not an end.
    await sleep(read ? pollMs : Math.max(pollMs, 2000), undefined, { signal }).catch(() => {});
  }
}
