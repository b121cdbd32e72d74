import { setTimeout as pause } from 'node:timers/promises';
import { isOpen } from '../../domain/phase.ts';
import type { ApiClient } from '../api-client.ts';
import { ServerRefused } from '../failures.ts';
import { type JobView, jobPath } from '../job-view.ts';
import { type Patience, withPatience } from '../with-patience.ts';
import { jobEvents, NoEvents } from './job-events.ts';

const PAUSE_MS = 1000;
/** So many streams in a row that told nothing, and events are given up for asking. */
const SILENT_STREAMS = 2;

export interface Following extends Patience {
  onUpdate(job: JobView): void;
}

/** Whether there is nothing more to wait for: ended, or a person must answer. */
function isSettled(job: JobView): boolean {
  return !isOpen(job.phase) || job.phase === 'waiting';
}

/**
 * Waits until the job has ended or asks for a person. By server-sent events, which are taken up again after a
 * broken connection; by asking once a second where events do not come through.
 * @throws ServerUnreachable after two minutes without any answer, ServerRefused when the key is no longer good
 */
export async function followJob(api: ApiClient, id: string, following: Following): Promise<JobView> {
  const { onUpdate, signal } = following;
  for (let silent = 0; ; await pause(PAUSE_MS, undefined, { signal })) {
    const job = await withPatience(() => api.get<JobView>(jobPath(id), signal), following);
    onUpdate(job);
    if (isSettled(job)) return job;
    if (silent >= SILENT_STREAMS) continue;
    try {
      for await (const now of jobEvents(api, jobPath(id, '/progress'), signal)) {
        silent = 0;
        // Deleted meanwhile: the next look at the job says so.
        if (!now.phase) break;
        onUpdate(now);
        if (isSettled(now)) return now;
      }
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof ServerRefused && error.status < 500) throw error;
      // A broken stream is no news of the job: look at that again, then at the stream.
      if (error instanceof NoEvents) silent++;
    }
  }
}
