import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { findSession } from '../../database/sessions/find-session.ts';
import { uploadTaken } from '../../database/uploads/claim-upload.ts';
import { findUpload } from '../../database/uploads/find-upload.ts';
import { InvalidRequest } from '../../domain/errors.ts';
import type { Session } from '../../domain/job.ts';
import type { AnyKind } from '../../domain/kind.ts';
import { scopeOf, userOf } from '../access/user.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { keptName } from '../kind-api.ts';
import { notFound } from '../not-found.ts';
import { finishUpload } from '../tus/finish-upload.ts';
import type { JobSource } from './accept-new-job.ts';

/** What a JSON request names: a session there is, an upload that becomes one, or a live source by its options alone. */
export interface Source {
  /** Whose it is; an operator's job on someone's session is that someone's. */
  userId: string;
  content: string;
  session: Session | null;
  /** @throws Conflict when it cannot be used now */
  open(): Promise<{
    /** What was sniffed of the file; null where the source is live. */
    found: { media_type: string; bytes: number } | null;
    file_name: string;
    source: JobSource;
  }>;
}

export interface NamedSource {
  kind: AnyKind;
  options: Record<string, unknown>;
  upload_id?: string;
  session_id?: string;
}

/**
 * @throws NotFound when there is no such upload or session, or it is not the asker's; InvalidRequest when the kind reads no
 *   such source
 */
export async function sourceOf(
  dependencies: Pick<ApiDependencies, 'database' | 'store' | 'acceptedKinds' | 'kindApis'>,
  named: NamedSource,
  request: FastifyRequest,
): Promise<Source> {
  const { kind, upload_id, session_id } = named;
  if (kind.source === 'live' && upload_id !== undefined)
    throw new InvalidRequest(
      `A ${kind.kind} reads a live source: its options name it, not an upload.`,
      'upload_id',
    );
  if (session_id !== undefined) return sessionSource(dependencies, named, session_id, request);
  if (upload_id !== undefined) return uploadSource(dependencies, named, upload_id, request);
  return liveSource(named, request);
}

async function sessionSource(
  { database }: Pick<ApiDependencies, 'database'>,
  { kind }: NamedSource,
  sessionId: string,
  request: FastifyRequest,
): Promise<Source> {
  const session = await findSession(database, sessionId, scopeOf(request));
  if (!session) throw notFound('session', sessionId);
  const { id, user_id: userId, media_type, bytes, file_name } = session;
  const isLive = media_type === null || bytes === null;
  if (kind.source !== 'either' && isLive !== (kind.source === 'live')) {
    const words = isLive ? 'has no file, and' : 'is of a file, and';
    throw new InvalidRequest(`Session ${id} ${words} a ${kind.kind} cannot read it.`, 'session_id');
  }
  const found = isLive ? null : { media_type, bytes };
  const source = { existing_session_id: id };
  return { userId, content: `session:${id}`, session, open: async () => ({ found, file_name, source }) };
}

async function uploadSource(
  dependencies: Pick<ApiDependencies, 'database' | 'store' | 'acceptedKinds' | 'kindApis'>,
  { kind }: NamedSource,
  uploadId: string,
  request: FastifyRequest,
): Promise<Source> {
  const found = await findUpload(dependencies.database, uploadId, scopeOf(request));
  if (!found) throw notFound('upload', uploadId);
  return {
    userId: found.user_id,
    content: `upload:${uploadId}`,
    session: null,
    async open() {
      if (found.claimed_by_session) throw uploadTaken(uploadId, found.claimed_by_session);
      const upload = await finishUpload(dependencies, found);
      const { id, user_id, key: original_key, media_type, bytes } = upload;
      const file_name = keptName(dependencies.kindApis, kind.kind, {
        session_id: id,
        file_name: upload.file_name,
      });
      const source = { id, user_id, original_key, file_name, media_type, bytes, sha256: null };
      return { found: { media_type, bytes }, file_name: upload.file_name, source };
    },
  };
}

/** The session of a live source has no original. */
function liveSource({ kind, options }: NamedSource, request: FastifyRequest): Source {
  const { id: user_id } = userOf(request);
  const file_name = kind.liveName?.(options) ?? kind.kind;
  const nothing = { original_key: null, media_type: null, bytes: null, sha256: null };
  const source = { id: randomUUID(), user_id, file_name, ...nothing };
  return {
    userId: user_id,
    content: 'live',
    session: null,
    open: async () => ({ found: null, file_name, source }),
  };
}
