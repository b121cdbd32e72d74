import type { EntityManager } from '@mikro-orm/postgresql';
import { Conflict, NotFound } from '../domain/errors.ts';
import type { Job } from '../domain/job.ts';
import { isOpen } from '../domain/phase.ts';
import { cancelInTransaction } from './cancel-in-transaction.ts';
import type { Database } from './database.ts';
import { JobEntity, toJob } from './entities/job.ts';
import type { Deletion } from './find-deletion.ts';
import { inTransaction } from './transaction.ts';

export interface DeletionWish {
  target: 'job' | 'session';
  id: string;
  by: string;
  /** Cancel what still runs, then delete; otherwise running work forbids it. */
  cancel: boolean;
}

/**
 * Hides the rows at once and writes the wish into the outbox; a workflow removes objects and rows. Asked for
 * again, the same deletion is answered. A session goes with all its jobs.
 * @throws NotFound; Conflict when something still runs and `cancel` is false
 */
export async function requestDeletion(database: Database, wish: DeletionWish): Promise<Deletion> {
  return inTransaction(database, 'the deletion', async (tx) => {
    const { target, id, by, cancel } = wish;
    // First the lock: of two who ask at once the second finds the deletion of the first.
    const owner = await lockTarget(tx, target, id);
    const earlier = await readDeletion(tx, target, id);
    if (earlier) return earlier;
    if (owner === null) throw new NotFound(`There is no ${target} ${id}.`);
    const jobs = await tx.find(JobEntity, target === 'job' ? { job_id: id } : { session_id: id }, {
      disableIdentityMap: true,
    });
    const open = jobs.map(toJob).filter((job) => isOpen(job.phase));
    if (open.length > 0 && !cancel) throw stillRunning(wish, open);
    for (const job of open) await cancelInTransaction(tx, job, { by, why: `Deleted by ${by}` });
    await tx.execute(
      target === 'job'
        ? 'UPDATE analysis_jobs SET deleted_at = now() WHERE job_id = ?'
        : 'UPDATE analysis_jobs SET deleted_at = now() WHERE session_id = ?',
      [id],
      'run',
    );
    if (target === 'session') {
      await tx.execute('UPDATE sessions SET deleted_at = now() WHERE id = ?', [id], 'run');
    }
    await tx.execute(
      'INSERT INTO deletions (target, target_id, user_id, requested_by) VALUES (?, ?, ?, ?)',
      [target, id, owner, by],
      'run',
    );
    const made = await readDeletion(tx, target, id);
    if (!made) throw new Error('the deletion just inserted is not there');
    return made;
  });
}

/**
 * Locks the session, so that no job is added to it, and the jobs; answers whose they are, null when there is
 * none. A step of a job locks the job first and then its session: the deadlock that may come of it is one
 * that `inTransaction` tries again.
 */
async function lockTarget(tx: EntityManager, target: 'job' | 'session', id: string): Promise<string | null> {
  const [row] = await tx.execute<{ user_id: string }[]>(
    target === 'session'
      ? 'SELECT user_id FROM sessions WHERE id = ? FOR UPDATE'
      : 'SELECT user_id FROM analysis_jobs WHERE job_id = ? FOR UPDATE',
    [id],
  );
  if (target === 'session') {
    await tx.execute('SELECT 1 FROM analysis_jobs WHERE session_id = ? ORDER BY job_id FOR UPDATE', [id]);
  }
  return row?.user_id ?? null;
}

async function readDeletion(tx: EntityManager, target: string, id: string): Promise<Deletion | null> {
  const [row] = await tx.execute<Deletion[]>(
    `SELECT id, target, target_id, user_id, requested_by, state, created_at, dispatched_at, completed_at
     FROM deletions WHERE target = ? AND target_id = ?`,
    [target, id],
  );
  return row ?? null;
}

function stillRunning({ target, id }: DeletionWish, open: Job[]): Conflict {
  const jobs = open.map((job) => `${job.job_id} (${job.status})`).join(', ');
  return new Conflict(
    `The ${target} ${id} has work under way: ${jobs}. Wait, cancel it, or delete with ?cancel=true.`,
  );
}
