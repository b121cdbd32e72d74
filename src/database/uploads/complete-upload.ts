import type { Database } from '../database.ts';
import { inTransaction } from '../transaction.ts';

/** All bytes are in S3 and were looked at. Done twice it changes nothing. */
export async function completeUpload(
  database: Database,
  id: string,
  { media_type, bytes }: { media_type: string; bytes: number },
): Promise<void> {
  await inTransaction(database, 'the end of the upload', async (tx) => {
    await tx.execute(
      'UPDATE uploads SET media_type = ?, bytes = ?, completed_at = now() WHERE id = ? AND completed_at IS NULL',
      [media_type, bytes, id],
      'run',
    );
  });
}
