import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { type Entry, readEntries } from './entries.ts';
import { backoff, isTemporalOutage } from './outage.ts';
import type { Outbox } from './outbox.ts';

/** Entries told to Temporal side by side, and read at once. */
const batch = 16;
/** Longest wait between tries while Temporal or the database is away, ms. */
const longestWaitMs = 5000;
/** Longest wait before an entry that Temporal refused is tried again, ms. */
const longestRefusedWaitMs = 60_000;
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
  /** Called for each thing told to Temporal: `job`, `cancel` or `deletion`. */
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
  /** Entries Temporal refused for a reason of their own, by when to try again. */
  const refused = new Map<string, { until: number; wait: () => number }>();
  let nap = new AbortController();
  let away = false;

  const keyOf = ({ what, id }: Entry) => `${what} ${id}`;

  async function deliver(entry: Entry): Promise<boolean> {
    if ((refused.get(keyOf(entry))?.until ?? 0) > Date.now()) return false;
    if (!(await client.withDeadline(Date.now() + callMs, entry.tell))) return false;
    refused.delete(keyOf(entry));
    await entry.tickOff();
    onTold(entry.what);
    return true;
  }

  /** An entry that cannot be told must not hold up the others: it waits, longer each time. */
  function setAside(entry: Entry, error: unknown): void {
    const { what, id } = entry;
    const earlier = refused.get(keyOf(entry));
    const wait = earlier?.wait ?? backoff(pollMs, longestRefusedWaitMs).wait;
    refused.set(keyOf(entry), { until: Date.now() + wait(), wait });
    if (!earlier)
      log.error({ err: error, what, id }, `relay: could not tell Temporal of this ${what}; will try again`);
  }

  /** @returns whether there may be more right now. @throws what looks like an outage */
  async function pass(): Promise<boolean> {
    const due = await readEntries({ outbox, client, taskQueue, log }, batch + refused.size);
    const present = new Set(due.map(keyOf));
    for (const key of refused.keys()) if (!present.has(key)) refused.delete(key);
    // Settled, not all: nothing of a pass may still be at work when the next one, or the end, comes.
    const outcomes = await Promise.allSettled(due.map(deliver));
    const anyTold = outcomes.some((outcome) => outcome.status === 'fulfilled' && outcome.value);
    for (const [n, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') continue;
      // Where another entry got through, Temporal is there, and what failed is this one's own.
      if (!anyTold && isTemporalOutage(outcome.reason)) throw outcome.reason;
      setAside(due[n] as Entry, outcome.reason);
    }
    return due.length >= batch && anyTold;
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
