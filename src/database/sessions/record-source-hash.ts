import { Conflict, NotFound } from '../../domain/errors.ts';
import type { Database } from '../database.ts';
import { SessionEntity } from '../entities/session.ts';
import { inTransaction } from '../transaction.ts';

/**
 * First writer wins.
 * @throws Conflict when the original had another hash before: it was changed behind our back; NotFound
 */
export async function recordSourceHash(database: Database, sessionId: string, sha256: string): Promise<void> {
  await inTransaction(database, 'the hash of the original', async (tx) => {
    await tx.execute(
      'UPDATE sessions SET sha256 = ? WHERE id = ? AND sha256 IS NULL',
      [sha256, sessionId],
      'run',
    );
    const session = await tx.findOne(SessionEntity, { id: sessionId }, { disableIdentityMap: true });
    if (!session) throw new NotFound(`There is no session ${sessionId}.`);
    if (session.sha256 !== sha256) {
      throw new Conflict(
        `The stored original of "${session.file_name}" is not the file that was uploaded: its SHA-256 is ${sha256}, it was ${session.sha256}. Upload it again.`,
      );
    }
  });
}
