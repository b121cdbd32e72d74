import type { EntityManager } from '@mikro-orm/postgresql';
import { Conflict, NotFound } from '../../domain/errors.ts';

/** Why an upload can become no second session. */
export function uploadTaken(uploadId: string, sessionId: string): Conflict {
  return new Conflict(
    `Upload ${uploadId} belongs to session ${sessionId} already; for one more job on it send {"session_id": "${sessionId}", …}.`,
  );
}

/**
 * Comes before the session is inserted, which has the upload's id: of two requests at once the second waits here
 * and is told the reason, not at the primary key of the sessions, where it would be told of a broken constraint.
 * @throws Conflict when the upload is not finished or belongs to a session; NotFound when it was given up meanwhile
 */
export async function lockUpload(tx: EntityManager, uploadId: string): Promise<void> {
  const [row] = await tx.execute<{ finished: boolean; claimed_by_session: string | null }[]>(
    'SELECT completed_at IS NOT NULL AS finished, claimed_by_session FROM uploads WHERE id = ? FOR UPDATE',
    [uploadId],
  );
  if (!row) throw new NotFound(`There is no upload ${uploadId}.`);
  if (row.claimed_by_session) throw uploadTaken(uploadId, row.claimed_by_session);
  if (!row.finished) throw new Conflict(`Upload ${uploadId} is not finished. Send the rest, then ask again.`);
}

/** For an upload that `lockUpload` has found free. From now on it is called what its session is called. */
export async function claimUpload(
  tx: EntityManager,
  uploadId: string,
  session: { id: string; file_name: string },
): Promise<void> {
  await tx.execute(
    'UPDATE uploads SET claimed_by_session = ?, file_name = ? WHERE id = ?',
    [session.id, session.file_name, uploadId],
    'run',
  );
}
