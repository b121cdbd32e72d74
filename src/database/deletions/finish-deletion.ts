import { NotFound } from '../../domain/errors.ts';
import type { Database } from '../database.ts';
import { inTransaction } from '../transaction.ts';

/**
 * Removes the rows after their objects are gone. The deletion's own row stays as the record that it was done.
 * Done twice it changes nothing. @throws NotFound
 */
export async function finishDeletion(database: Database, deletionId: string): Promise<void> {
  await inTransaction(database, 'the end of the deletion', async (tx) => {
    const [deletion] = await tx.execute<{ target: 'job' | 'session'; target_id: string }[]>(
      'SELECT target, target_id FROM deletions WHERE id = ? FOR UPDATE',
      [deletionId],
    );
    if (!deletion) throw new NotFound(`There is no deletion ${deletionId}.`);
    const { target, target_id } = deletion;
    if (target === 'job') {
      await tx.execute('DELETE FROM analysis_jobs WHERE job_id = ?', [target_id], 'run');
    } else {
      await tx.execute('DELETE FROM analysis_jobs WHERE session_id = ?', [target_id], 'run');
      await tx.execute('DELETE FROM uploads WHERE claimed_by_session = ?', [target_id], 'run');
      await tx.execute('DELETE FROM sessions WHERE id = ?', [target_id], 'run');
    }
    await tx.execute(
      `UPDATE deletions SET state = 'done', completed_at = coalesce(completed_at, now()) WHERE id = ?`,
      [deletionId],
      'run',
    );
  });
}
