import type { Database } from '../database.ts';
import { inTransaction } from '../transaction.ts';

/** An upload has begun; its bytes come in parts. */
export async function createUpload(
  database: Database,
  upload: { id: string; user_id: string; file_name: string; key: string; bytes: number },
): Promise<void> {
  const { id, user_id, file_name, key, bytes } = upload;
  await inTransaction(database, 'the upload', async (tx) => {
    await tx.execute(
      'INSERT INTO uploads (id, user_id, file_name, key, bytes) VALUES (?, ?, ?, ?, ?)',
      [id, user_id, file_name, key, bytes],
      'run',
    );
  });
}
