import { StaleAttempt } from '../domain/errors.ts';
import type { Job } from '../domain/job.ts';
import type { Database } from './database.ts';
import { readAnyJob } from './job-row.ts';
import { recordTransition } from './record-transition.ts';
import { inTransaction } from './transaction.ts';

/**
 * Same status, next stage. Already in it, as a job that an earlier attempt brought so far: only the progress is written.
 * @throws StaleAttempt when this attempt has the job no longer, or not yet; NotFound
 */
export async function enterStage(
  database: Database,
  change: { job_id: string; attempt: number; stage: string; why: string; progress_pct?: number },
): Promise<Job> {
  const { job_id, attempt, stage, why, progress_pct = 0 } = change;
  return inTransaction(database, `the stage ${stage}`, async (tx) => {
    await tx.execute('SELECT 1 FROM analysis_jobs WHERE job_id = ? FOR UPDATE', [job_id]);
    const before = await readAnyJob(tx, job_id);
    if (before.attempt !== attempt || (before.phase !== 'running' && before.phase !== 'waiting')) {
      throw new StaleAttempt(
        `Job ${job_id} can't enter ${stage}: it is ${before.status} at attempt ${before.attempt}.`,
        before,
      );
    }
    await tx.execute(
      'UPDATE analysis_jobs SET stage = ?, progress_pct = greatest(progress_pct, least(?, 99)) WHERE job_id = ?',
      [stage, progress_pct, job_id],
      'run',
    );
    if (before.stage !== stage)
      await recordTransition(tx, job_id, { from: before.status, to: before.status, stage, why });
    return readAnyJob(tx, job_id);
  });
}
