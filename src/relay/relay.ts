import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { isTemporalOutage } from '../domain/temporal-outage.ts';
import { backoff } from './backoff.ts';
import { type Entry, readEntries } from './entries.ts';
import type { Outbox } from './outbox.ts';
import { openAside } from './set-aside.ts';

/** Entries told to Temporal side by side, and read at once. */
const batch = 16;
/** Longest wait between tries while Temporal or the database is away, ms. */
const longestWaitMs = 5000;
/** Limit of one call to Temporal, ms. */
const callMs = 5000;
/** Least time between two passes, ms: progress wakes the relay too, several times a second for each job. */
const breathMs = 50;

export interface RelayLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface RelayOptions {
  outbox: Outbox;
  client: Client;
  taskQueue: string;
  log: RelayLog;
  /** How often the outbox is read when nothing wakes the relay, ms. */
  pollMs?: number;
  /** Called for each thing told to Temporal: `job`, `cancel`, `deletion` or `webhook`. */
  onTold?(what: string): void;
}

export interface Relay {
  /** Something may be in the outbox: don't wait for the next poll. */
  wake(): void;
  /** Whether the last pass failed because Temporal or the database was away. */
  readonly away: boolean;
  /** Ends after the pass at work. */
  close(): Promise<void>;
}

/** Tells Temporal what the database has accepted. Any number of relays may run on one database. */
export function openRelay(options: RelayOptions): Relay {
  const { outbox, client, taskQueue, log, pollMs = 1000, onTold = () => {} } = options;
  const closing = new AbortController();
  const aside = openAside(pollMs);
  let nap = new AbortController();
  let away = false;

  /** @returns false when it has to be told again later */
  async function deliver(entry: Entry): Promise<boolean> {
    if (!(await client.withDeadline(Date.now() + callMs, entry.tell))) {
      aside.add(entry, 'waits');
      return false;
    }
    aside.delete(entry);
    await entry.tickOff();
    onTold(entry.what);
    return true;
  }

  function setAside(entry: Entry, err: unknown): void {
    const { what, id } = entry;
    if (aside.add(entry, 'refused'))
      log.error({ err, what, id }, `relay: could not tell Temporal of this ${what}; will try again`);
  }

  /** @returns whether there may be more right now. @throws what looks like an outage */
  async function pass(): Promise<boolean> {
    // What was set aside is read too, beyond the batch: however much it is, new entries are reached.
    const limit = batch + aside.size;
    const found = await readEntries({ outbox, client, taskQueue, log }, limit);
    aside.keepOnly(found);
    const [due, asideBefore] = [found.filter(aside.isDue), aside.size];
    let [anyTold, answers] = [false, false];
    for (let first = 0; first < due.length && !closing.signal.aborted; first += batch) {
      const some = due.slice(first, first + batch);
      // Settled, not all: nothing of a pass may still be at work when the next one, or the end, comes.
      const outcomes = await Promise.allSettled(some.map(deliver));
      const fulfilled = outcomes.filter((outcome) => outcome.status === 'fulfilled');
      anyTold ||= fulfilled.some(({ value }) => value);
      answers ||= fulfilled.length > 0;
      for (const [n, outcome] of outcomes.entries()) {
        if (outcome.status === 'fulfilled') continue;
        // Where another entry got through, Temporal is there, and what failed is this one's own.
        if (!answers && isTemporalOutage(outcome.reason)) throw outcome.reason;
        setAside(some[n] as Entry, outcome.reason);
      }
    }
    return found.length >= limit && (anyTold || aside.size > asideBefore);
  }

  async function run(): Promise<void> {
    const outage = backoff(pollMs, longestWaitMs);
    while (!closing.signal.aborted) {
      nap = new AbortController();
      let waitMs = pollMs;
      let wakeable = true;
      try {
        if (await pass()) waitMs = 0;
        if (away) log.info({}, 'relay: Temporal and the database answer again');
        away = false;
        outage.reset();
      } catch (error) {
        if (!away)
          log.warn(
            { err: error },
            'relay: Temporal or the database is away; accepted work waits, none is lost',
          );
        away = true;
        wakeable = false;
        waitMs = outage.wait();
      }
      const signal = wakeable ? AbortSignal.any([nap.signal, closing.signal]) : closing.signal;
      await sleep(breathMs, undefined, { signal: closing.signal }).catch(() => {});
      if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => {});
    }
  }

  const running = run();
  return {
    wake: () => nap.abort(),
    get away() {
      return away;
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}
