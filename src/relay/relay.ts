import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { deliverCancel } from './deliver-cancel.ts';
import { backoff, isTemporalOutage } from './outage.ts';
import type { Outbox } from './outbox.ts';
import { startDeletionWorkflow } from './start-deletion-workflow.ts';
import { startJobWorkflow } from './start-job-workflow.ts';

/** Entries told to Temporal side by side, and read at once. */
const batch = 16;
/** Longest wait between tries while Temporal or the database is away, ms. */
const longestWaitMs = 5000;
/** Longest wait before an entry that Temporal refused is tried again, ms. */
const longestRefusedWaitMs = 60_000;
/** Limit of one call to Temporal, ms. */
const callMs = 10_000;
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

/** One row of the outbox on its way to Temporal. */
interface Entry {
  what: 'job' | 'deletion' | 'cancel';
  id: string;
  /** @returns false when it has to be told again later */
  tell(): Promise<boolean>;
  tickOff(): Promise<void>;
}

/** Tells Temporal what the database has accepted. Any number of relays may run on one database. */
export function openRelay(options: RelayOptions): Relay {
  const { outbox, client, taskQueue, log, pollMs = 1000, onTold = () => {} } = options;
  const closing = new AbortController();
  /** Entries Temporal refused for a reason of their own, by when to try again. */
  const refused = new Map<string, { until: number; wait: () => number }>();
  let nap = new AbortController();
  let away = false;

  async function entries(): Promise<Entry[]> {
    const limit = batch + refused.size;
    const [jobs, deletions, cancels] = await Promise.all([
      outbox.undispatchedJobs(limit),
      outbox.undispatchedDeletions(limit),
      outbox.cancelRequests(limit),
    ]);
    return [
      ...jobs.map((job): Entry => {
        const { job_id, attempt, workflow_id } = job;
        return {
          what: 'job',
          id: job_id,
          async tell() {
            const outcome = await startJobWorkflow(
              client,
              taskQueue,
              job,
              await outbox.fileName(job.session_id),
            );
            if (outcome !== 'waits') log.info({ job_id, attempt, workflow_id }, `relay: workflow ${outcome}`);
            return outcome !== 'waits';
          },
          tickOff: () => outbox.markDispatched(job_id, attempt),
        };
      }),
      ...deletions.map(
        ({ id }): Entry => ({
          what: 'deletion',
          id,
          tell: async () => {
            await startDeletionWorkflow(client, taskQueue, id);
            return true;
          },
          tickOff: () => outbox.markDeletionDispatched(id),
        }),
      ),
      ...cancels.map(
        ({ job_id, attempt, workflow_id }): Entry => ({
          what: 'cancel',
          id: job_id,
          tell: async () => {
            await deliverCancel(client, workflow_id);
            return true;
          },
          tickOff: () => outbox.markCancelDelivered(job_id, attempt),
        }),
      ),
    ];
  }

  /** An entry's own refusal must not hold up the others; an outage ends the pass. */
  async function deliver({ what, id, tell, tickOff }: Entry): Promise<boolean> {
    const key = `${what} ${id}`;
    const earlier = refused.get(key);
    if (earlier && earlier.until > Date.now()) return false;
    try {
      if (!(await client.withDeadline(Date.now() + callMs, tell))) return false;
    } catch (error) {
      if (isTemporalOutage(error)) throw error;
      const wait = earlier?.wait ?? backoff(pollMs, longestRefusedWaitMs).wait;
      refused.set(key, { until: Date.now() + wait(), wait });
      if (!earlier)
        log.error({ err: error, what, id }, `relay: could not tell Temporal of this ${what}; will try again`);
      return false;
    }
    refused.delete(key);
    await tickOff();
    onTold(what);
    return true;
  }

  /** @returns whether there may be more right now */
  async function pass(): Promise<boolean> {
    const due = await entries();
    const present = new Set(due.map(({ what, id }) => `${what} ${id}`));
    for (const key of refused.keys()) if (!present.has(key)) refused.delete(key);
    const told = await Promise.all(due.map(deliver));
    return told.length >= batch && told.includes(true);
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
