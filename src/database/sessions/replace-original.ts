import type { Database } from '../database.ts';
import { inTransaction } from '../transaction.ts';

/** What stands for the uploaded file from now on. */
export interface CleanedOriginal {
  key: string;
  file_name: string;
  media_type: string;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/**
 * Puts a cleaned file in the place of the original, or nothing where it cannot be cleaned. Only where the original is
 * still `from`: repeated, it changes nothing.
 * @returns whether it did
 */
export async function replaceOriginal(
  database: Database,
  sessionId: string,
  from: string,
  by: CleanedOriginal | null,
): Promise<boolean> {
  const [set, values] = by
    ? [
        'original_key = ?, file_name = ?, media_type = ?, bytes = ?, sha256 = ?',
        [by.key, by.file_name, by.media_type, by.bytes, by.sha256],
      ]
    : ['original_key = NULL, media_type = NULL, bytes = NULL, sha256 = NULL', []];
  return inTransaction(database, 'the cleaned file', async (tx) => {
    const { affectedRows } = await tx.execute<{ affectedRows: number }>(
      `UPDATE sessions SET ${set} WHERE id = ? AND original_key = ?`,
      [...values, sessionId, from],
      'run',
    );
    // A job has its original's key too, for those who ask for the job.
    if (affectedRows > 0)
      await tx.execute(
        'UPDATE analysis_jobs SET original_key = ? WHERE session_id = ? AND original_key = ?',
        [by?.key ?? null, sessionId, from],
        'run',
      );
    return affectedRows > 0;
  });
}
