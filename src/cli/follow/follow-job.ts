import { setTimeout as pause } from 'node:timers/promises';
import { isOpen } from '../../domain/phase.ts';
import type { ApiClient } from '../api-client.ts';
import { ServerRefused, ServerUnreachable } from '../failures.ts';
import { type JobView, jobPath } from '../job-view.ts';
import { jobEvents, NoEvents } from './job-events.ts';

const POLL_MS = 1000;
const RECONNECT_MS = 1000;
/** How long the server may be away before we stop waiting; the job itself goes on without us. */
const PATIENCE_MS = 120_000;

export interface Following {
  onUpdate(job: JobView): void;
  /** Once per outage. */
  onLost(): void;
  signal: AbortSignal;
}

/** Whether there is nothing more to wait for: ended, or a person must answer. */
export function isSettled(job: JobView): boolean {
  return !isOpen(job.phase) || job.phase === 'waiting';
}

/**
 * Waits until the job has ended or asks for a person. By server-sent events, which are taken up again after a
 * broken connection; by asking once a second where events do not come through.
 * @throws ServerUnreachable after two minutes without any answer
 */
export async function followJob(api: ApiClient, id: string, following: Following): Promise<JobView> {
  const { onUpdate, onLost, signal } = following;
  let silentStreams = 0;
  let lostAt: number | undefined;
  for (;;) {
    try {
      let job = await api.get<JobView>(jobPath(id), signal);
      lostAt = undefined;
      onUpdate(job);
      if (isSettled(job)) return job;
      if (silentStreams >= 2) {
        await pause(POLL_MS, undefined, { signal });
        continue;
      }
      for await (job of jobEvents(api, jobPath(id, '/progress'), signal)) {
        silentStreams = 0;
        if (!job.phase) break;
        onUpdate(job);
        if (isSettled(job)) return job;
      }
      // The server closed a stream that had not come to an end: it restarts, or a proxy's limit was reached.
      await pause(RECONNECT_MS, undefined, { signal });
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof NoEvents) {
        silentStreams++;
        continue;
      }
      const outage = !(error instanceof ServerRefused) || error.status >= 500;
      if (!outage) throw error;
      if (lostAt === undefined) onLost();
      lostAt ??= Date.now();
      if (Date.now() - lostAt > PATIENCE_MS) {
        throw error instanceof ServerUnreachable ? error : new ServerUnreachable((error as Error).message);
      }
      await pause(RECONNECT_MS, undefined, { signal });
    }
  }
}
