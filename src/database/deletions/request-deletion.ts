import type { EntityManager } from '@mikro-orm/postgresql';
import { Conflict, NotFound } from '../../domain/errors.ts';
import type { Job } from '../../domain/job.ts';
import { isOpen } from '../../domain/phase.ts';
import type { Database } from '../database.ts';
import { JobEntity, toJob } from '../entities/job.ts';
import { DeletionEntity } from '../entities/records.ts';
import { cancelInTransaction } from '../jobs/cancel-in-transaction.ts';
import type { Scope } from '../jobs/find-job.ts';
import { keepSessionStatus } from '../sessions/keep-session-status.ts';
import { inTransaction } from '../transaction.ts';
import { type Deletion, toDeletion } from './find-deletion.ts';

export interface DeletionWish extends Scope {
  target: 'job' | 'session';
  id: string;
  by: string;
  /** Cancel what still runs, then delete; otherwise running work forbids it. */
  cancel: boolean;
}

/**
 * Hides the rows at once and writes the wish into the outbox; a workflow removes objects and rows. Asked for
 * again, also when all is gone, the same deletion is answered. A session goes with all its jobs.
 * @throws NotFound for what is not there, is somebody else's, or goes with its session; Conflict when something still
 * runs and `cancel` is false
 */
export async function requestDeletion(database: Database, wish: DeletionWish): Promise<Deletion> {
  return inTransaction(database, 'the deletion', async (tx) => {
    const { target, id, by, cancel, userId } = wish;
    // First the lock: of two who ask at once the second finds the deletion of the first.
    const found = await lockTarget(tx, target, id);
    const isTheirs = (one: { user_id: string }) => userId === undefined || one.user_id === userId;
    const earlier = await readDeletion(tx, target, id);
    if (earlier && isTheirs(earlier)) return earlier;
    if (!found || found.hidden || !isTheirs(found)) throw new NotFound(`There is no ${target} ${id}.`);
    const jobs = await tx.find(JobEntity, target === 'job' ? { job_id: id } : { session_id: id }, {
      disableIdentityMap: true,
    });
    const open = jobs.map(toJob).filter((job) => isOpen(job.phase));
    if (open.length > 0 && !cancel) throw stillRunning(wish, open);
    for (const job of open)
      await cancelInTransaction(tx, database.kinds, job, { by, why: `Deleted by ${by}` });
    await tx.execute(
      target === 'job'
        ? 'UPDATE analysis_jobs SET deleted_at = now() WHERE job_id = ?'
        : 'UPDATE analysis_jobs SET deleted_at = now() WHERE session_id = ?',
      [id],
      'run',
    );
    if (target === 'session') {
      await tx.execute('UPDATE sessions SET deleted_at = now() WHERE id = ?', [id], 'run');
    } else await keepSessionStatus(tx, found.session_id);
    await tx.execute(
      'INSERT INTO deletions (target, target_id, user_id, requested_by) VALUES (?, ?, ?, ?)',
      [target, id, found.user_id, by],
      'run',
    );
    const made = await readDeletion(tx, target, id);
    if (!made) throw new Error('the deletion just inserted is not there');
    return made;
  });
}

interface Target {
  user_id: string;
  session_id: string;
  hidden: boolean;
}

/**
 * Locks the session, so that no job is added to it, and the jobs; null when there is nothing. A step of a job locks
 * the job first and then its session: the deadlock that may come of it is one that `inTransaction` tries again.
 */
async function lockTarget(tx: EntityManager, target: 'job' | 'session', id: string): Promise<Target | null> {
  const hidden = 'deleted_at IS NOT NULL AS hidden';
  const [row] = await tx.execute<Target[]>(
    target === 'session'
      ? `SELECT user_id, id AS session_id, ${hidden} FROM sessions WHERE id = ? FOR UPDATE`
      : `SELECT user_id, session_id, ${hidden} FROM analysis_jobs WHERE job_id = ? FOR UPDATE`,
    [id],
  );
  if (target === 'session') {
    await tx.execute('SELECT 1 FROM analysis_jobs WHERE session_id = ? ORDER BY job_id FOR UPDATE', [id]);
  }
  return row ?? null;
}

async function readDeletion(
  tx: EntityManager,
  target: 'job' | 'session',
  target_id: string,
): Promise<Deletion | null> {
  const row = await tx.findOne(DeletionEntity, { target, target_id }, { disableIdentityMap: true });
  return row && toDeletion(row);
}

function stillRunning({ target, id }: DeletionWish, open: Job[]): Conflict {
  const jobs = open.map((job) => `${job.job_id} (${job.status})`).join(', ');
  return new Conflict(
    `The ${target} ${id} has work under way: ${jobs}. Wait, cancel it, or delete with ?cancel=true.`,
  );
}
