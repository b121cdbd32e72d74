import { isOpen } from '../../../../src/domain/phase.ts';
import type { System } from '../../../workflows/support/system.ts';

/** Waits until a chunk of a recording was watched, by whatever version. */
export async function reachedChunk(system: System, jobId: string, chunk: number): Promise<void> {
  const ending = `-${String(chunk).padStart(6, '0')}.json`;
  for (;;) {
    for await (const { key } of system.store.list(`jobs/${jobId}/processing/chunk-`))
      if (key.endsWith(ending)) return;
    // Rejects when the job is not there any more, or never comes so far.
    await system.until(jobId, (job) => isOpen(job.phase));
  }
}
