import { uploadTaken } from '../../database/claim-upload.ts';
import { findSession } from '../../database/find-session.ts';
import { findUpload } from '../../database/find-upload.ts';
import type { Session } from '../../domain/job.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { notFound } from '../not-found.ts';
import type { NewJobJson } from '../schemas/new-job.ts';
import { finishUpload } from '../tus/finish-upload.ts';
import type { JobSource } from './accept-new-job.ts';

/** What a JSON request names: a session there is, or an upload that becomes one. */
export interface Source {
  /** Whose it is; an operator's job on someone's session is that someone's. */
  userId: string;
  content: string;
  session: Session | null;
  /** @throws Conflict when it cannot be used now */
  open(): Promise<{ media_type: string; file_name: string; source: JobSource }>;
}

/** @throws NotFound when there is no such upload or session, or it is not the asker's */
export async function sourceOf(
  dependencies: Pick<ApiDependencies, 'database' | 'store'>,
  named: NewJobJson,
  scope: { userId?: string },
): Promise<Source> {
  const { database } = dependencies;
  if (named.session_id !== undefined) {
    const session = await findSession(database, named.session_id, scope);
    if (!session) throw notFound('session', named.session_id);
    const { id, user_id: userId, media_type, file_name } = session;
    const source = { existing_session_id: id };
    return {
      userId,
      content: `session:${id}`,
      session,
      open: async () => ({ media_type, file_name, source }),
    };
  }

  const uploadId = named.upload_id as string;
  const found = await findUpload(database, uploadId, scope);
  if (!found) throw notFound('upload', uploadId);
  return {
    userId: found.user_id,
    content: `upload:${uploadId}`,
    session: null,
    async open() {
      if (found.claimed_by_session) throw uploadTaken(uploadId, found.claimed_by_session);
      const upload = await finishUpload(dependencies, found);
      const { id, user_id, key: original_key, file_name, media_type, bytes } = upload;
      const source = { id, user_id, original_key, file_name, media_type, bytes, sha256: null };
      return { media_type, file_name, source };
    },
  };
}
