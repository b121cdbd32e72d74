import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export interface JobChangeListener {
  close(): Promise<void>;
}

/** Longest wait between two tries to connect, in milliseconds. */
const longestPause = 5000;
/** A connection that only listens does not notice that the other side is gone unless it asks. */
const askEveryMs = 30_000;
const answerWithinMs = 5000;

/**
 * Tells of every change the database's triggers announce on `job_changed`, over a connection of its own. A
 * lost connection is made anew, for ever; what changed in between was missed, so `onReconnect` lets the caller
 * look again at everything it watches.
 */
export async function listenForJobChanges(
  url: string,
  onJob: (jobId: string) => void,
  { onReconnect }: { onReconnect?: () => void } = {},
): Promise<JobChangeListener> {
  const closing = new AbortController();
  let client: pg.Client | undefined;

  async function connect(): Promise<void> {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: 'doubletake-listen',
      connectionTimeoutMillis: answerWithinMs,
      query_timeout: answerWithinMs,
      keepAlive: true,
    });
    const onLost = () => {
      if (closing.signal.aborted || client !== fresh) return;
      client = undefined;
      // Not awaited, here and below: for a connection that is lost or never was, `end` may not settle.
      fresh.end().catch(() => {});
      void reconnect();
    };
    fresh.on('notification', ({ payload }) => payload && onJob(payload));
    fresh.on('error', onLost);
    fresh.on('end', onLost);
    try {
      await fresh.connect();
      await fresh.query('LISTEN job_changed');
    } catch (error) {
      fresh.end().catch(() => {});
      throw error;
    }
    if (closing.signal.aborted) {
      fresh.end().catch(() => {});
      return;
    }
    client = fresh;
    const asking = setInterval(() => {
      if (client === fresh) fresh.query('SELECT 1').catch(onLost);
      else clearInterval(asking);
    }, askEveryMs);
    asking.unref();
  }

  async function reconnect(): Promise<void> {
    for (let pause = 100; !closing.signal.aborted; pause = Math.min(pause * 2, longestPause)) {
      try {
        await connect();
        if (!closing.signal.aborted) onReconnect?.();
        return;
      } catch {
        await sleep(pause, undefined, { signal: closing.signal }).catch(() => {});
      }
    }
  }

  // PostgreSQL may be away at the start, too; that must not keep the API from answering its health checks.
  await connect().catch(() => void reconnect());
  return {
    async close() {
      closing.abort();
      const last = client;
      client = undefined;
      await last?.end().catch(() => {});
    },
  };
}
