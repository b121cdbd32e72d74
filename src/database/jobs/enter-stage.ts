import { StaleAttempt } from '../../domain/errors.ts';
import type { Job } from '../../domain/job.ts';
import { allowedFrom, phaseOf } from '../../domain/kind.ts';
import type { Database } from '../database.ts';
import { inTransaction } from '../transaction.ts';
import { readAnyJob } from './job-row.ts';
import { recordTransition } from './record-transition.ts';

export interface StageEntry {
  job_id: string;
  attempt: number;
  /** The next status where the stage begins one; unless told the job keeps the one it has. */
  status?: string;
  stage: string;
  why: string;
  progress_pct?: number;
}

/**
 * The next stage, and the next status where the kind has one for it. Where the job is in both already, as one that an
 * earlier attempt brought so far, only the progress is written.
 * @throws StaleAttempt when this attempt has the job no longer, or not yet, or the status does not follow; NotFound
 */
export async function enterStage(database: Database, entry: StageEntry): Promise<Job> {
  const { job_id, attempt, stage, why, progress_pct = 0 } = entry;
  return inTransaction(database, `the stage ${stage}`, async (tx) => {
    await tx.execute('SELECT 1 FROM analysis_jobs WHERE job_id = ? FOR UPDATE', [job_id]);
    const before = await readAnyJob(tx, job_id);
    if (before.attempt !== attempt || (before.phase !== 'running' && before.phase !== 'waiting')) {
      throw new StaleAttempt(
        `Job ${job_id} can't enter ${stage}: it is ${before.status} at attempt ${before.attempt}.`,
        before,
      );
    }
    const definition = database.kinds.named(before.kind);
    const to = entry.status ?? before.status;
    const phase = phaseOf(definition, to);
    if (
      to !== before.status &&
      (phase !== 'running' || !allowedFrom(definition, to).includes(before.status))
    ) {
      throw new StaleAttempt(`Job ${job_id} can't become ${to}: it is ${before.status}.`, before);
    }
    await tx.execute(
      `UPDATE analysis_jobs SET status = ?, phase = ?, stage = ?,
         progress_pct = greatest(progress_pct, least(?, 99)) WHERE job_id = ?`,
      [to, phase, stage, progress_pct, job_id],
      'run',
    );
    if (before.stage !== stage || before.status !== to)
      await recordTransition(tx, job_id, { from: before.status, to, stage, why });
    return readAnyJob(tx, job_id);
  });
}
