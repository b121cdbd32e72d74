import { createHash } from 'node:crypto';
import type { Job } from '../../domain/job.ts';
import { isOpen } from '../../domain/phase.ts';
import type { Database } from '../database.ts';
import { inTransaction } from '../transaction.ts';
import { insertJob } from './insert-job.ts';
import { readAnyJob } from './job-row.ts';
import { restart } from './retry-job.ts';

/** The same for every attempt of the job, so that what was found once is not looked for again: a UUIDv8 (RFC 9562, 5.8). */
export function precedingJobId(jobId: string, kind: string): string {
  const hex = createHash('sha256').update(`${kind} before ${jobId}`).digest('hex');
  const variant = ((Number.parseInt(hex[16] as string, 16) & 0b0011) | 0b1000).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/**
 * The job of another kind, on the same session, that is to end before this one begins: made, tried again if it failed,
 * or as it is. Its workflow is started by the job that waits, not by the relay.
 * @throws NotFound when the job is gone
 */
export async function preparePrecedingJob(database: Database, jobId: string, kind: string): Promise<Job> {
  const id = precedingJobId(jobId, kind);
  const definition = database.kinds.named(kind);
  return inTransaction(database, `the ${kind} before the job`, async (tx) => {
    await tx.execute('SELECT 1 FROM analysis_jobs WHERE job_id = ? FOR UPDATE', [jobId]);
    const waiting = await readAnyJob(tx, jobId);
    const [there] = await tx.execute('SELECT 1 FROM analysis_jobs WHERE job_id = ? FOR UPDATE', [id]);
    if (!there) {
      await insertJob(
        tx,
        database.kinds,
        { id: waiting.session_id, original_key: waiting.original_key },
        {
          ...{ job_id: id, user_id: waiting.user_id, kind, options: definition.options.parse({}) },
          ...{ dispatched: true, why: `Before ${waiting.kind} ${jobId}` },
        },
      );
      return readAnyJob(tx, id);
    }
    const job = await readAnyJob(tx, id);
    if (isOpen(job.phase) || job.phase === 'succeeded') return job;
    await restart(tx, definition, job, { by: `${waiting.kind} ${jobId}`, dispatched: true });
    return readAnyJob(tx, id);
  });
}
