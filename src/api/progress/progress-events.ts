import { isOpen } from '../../domain/phase.ts';
import type { JobView } from '../schemas/job.ts';
import type { JobChanges } from './job-changes.ts';

export interface ProgressSource {
  /** The job as it is now; null once deleted. */
  read(): Promise<JobView | null>;
  /** Asked before each event and each comment: a problem (RFC 9457) once the client may no longer read; else null. */
  refusal(): Promise<object | null>;
  changes: Pick<JobChanges, 'onJob'>;
  jobId: string;
  /** Aborted when the client goes or the server stops. */
  signal: AbortSignal;
  /** Proxies cut silent connections, many after 60 s. Also how soon a lost notification is made up for. */
  keepAliveMs?: number;
}

/** The id of the last event of an attempt; a client that reconnects with it has seen everything. */
export function endId(job: Pick<JobView, 'attempt'>): string {
  return `end.${job.attempt}`;
}

function event(name: string, id: string | null, data: unknown): string {
  const identified = id === null ? '' : `id: ${id}\n`;
  return `event: ${name}\n${identified}data: ${JSON.stringify(data)}\n\n`;
}

/**
 * Server-sent events of one job, as `schemas/events.ts` documents them: `progress` with the job at once and at every
 * change, `end` with the job when it has ended, then the stream closes; `problem` once the client may no longer read, then
 * too. Changes that come faster than the client reads are joined into one.
 */
export async function* progressEvents(source: ProgressSource): AsyncGenerator<string, void> {
  const { read, refusal, changes, jobId, signal, keepAliveMs = 15_000 } = source;
  let stale = true;
  let wake = () => {};
  const nudge = () => {
    stale = true;
    wake();
  };
  const leave = changes.onJob(jobId, nudge);
  signal.addEventListener('abort', nudge, { once: true });
  try {
    yield 'retry: 2000\n\n';
    let told = '';
    while (!signal.aborted) {
      stale = false;
      const refused = await refusal();
      if (refused) return yield event('problem', null, refused);
      const job = await read().catch(() => undefined);
      if (job === null) return yield event('end', 'deleted', { id: jobId, deleted: true });
      if (job) {
        const now = JSON.stringify(job);
        if (now !== told) yield event('progress', `${job.attempt}.${Date.parse(job.updated_at)}`, job);
        told = now;
        if (!isOpen(job.phase)) return yield event('end', endId(job), job);
      }
      if (stale) continue;
      // The database out of reach is a pause, not an end: ask again soon.
      const pause = job ? keepAliveMs : Math.min(keepAliveMs, 2000);
      const timer = setTimeout(() => wake(), pause);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      clearTimeout(timer);
      if (!stale) yield ': keep-alive\n\n';
    }
  } finally {
    leave();
    signal.removeEventListener('abort', nudge);
  }
}
