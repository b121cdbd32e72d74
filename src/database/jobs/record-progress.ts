import type { Database } from '../database.ts';
import { inTransaction } from '../transaction.ts';

export interface Progress {
  job_id: string;
  attempt: number;
  pass: string;
  /** Which of the parallel parts of the pass, from 0. */
  part: number;
  /** How much of this part is done, in the kind's own unit (frames, files, slices); less than before is ignored. */
  done: number;
  /** How much the whole pass is, in the same unit. */
  total: number;
  /** The pass's share of `progress_pct`. */
  from_pct: number;
  to_pct: number;
}

/**
 * Adds up what the parallel parts of a pass have done. Progress never falls and stays under 100 until the
 * job is done. For an attempt that is over nothing is written, silently: progress is no promise.
 */
export async function recordProgress(database: Database, progress: Progress): Promise<void> {
  const { job_id, attempt, pass, part, done, total, from_pct, to_pct } = progress;
  await inTransaction(database, 'the progress', async (tx) => {
    const running = await tx.execute<{ job_id: string }[]>(
      `SELECT job_id FROM analysis_jobs WHERE job_id = ? AND attempt = ? AND phase = 'running' FOR UPDATE`,
      [job_id, attempt],
    );
    if (running.length === 0) return;
    await tx.execute(
      `INSERT INTO segment_progress (job_id, attempt, pass, segment, frames_done) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (job_id, attempt, pass, segment)
       DO UPDATE SET frames_done = greatest(segment_progress.frames_done, excluded.frames_done)`,
      [job_id, attempt, pass, part, done],
      'run',
    );
    // Only a percent more is a change worth telling those who listen.
    await tx.execute(
      `UPDATE analysis_jobs SET progress_pct = reached.pct
       FROM (SELECT least(99, floor(?::float8 + (?::float8 - ?::float8)
               * least(1, coalesce(sum(frames_done), 0)::float8 / greatest(1, ?::float8)))::int) AS pct
             FROM segment_progress WHERE job_id = ? AND attempt = ? AND pass = ?) AS reached
       WHERE job_id = ? AND progress_pct < reached.pct`,
      [from_pct, to_pct, from_pct, total, job_id, attempt, pass, job_id],
      'run',
    );
  });
}
