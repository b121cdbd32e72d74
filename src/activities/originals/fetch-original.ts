import { NotFound } from '../../domain/errors.ts';
import type { Session } from '../../domain/job.ts';
import type { LocalOriginal, OriginalCache } from './original-cache.ts';

export interface FetchOriginalNeeds {
  cache: OriginalCache;
  findSession(sessionId: string): Promise<Session | null>;
  /** First writer wins. @throws Conflict when the file had another hash before */
  recordSourceHash(sessionId: string, sha256: string): Promise<void>;
}

export type FetchOriginal = (sessionId: string, signal: AbortSignal) => Promise<LocalOriginal>;

/** The session's original as a local file, with its hash recorded. */
export function makeFetchOriginal({
  cache,
  findSession,
  recordSourceHash,
}: FetchOriginalNeeds): FetchOriginal {
  return async function fetchOriginal(sessionId, signal) {
    const session = await findSession(sessionId);
    if (!session) throw new NotFound(`The upload of session ${sessionId} was deleted.`);
    const { original_key, bytes, sha256 } = session;
    if (original_key === null || bytes === null)
      throw new RangeError(`The session ${sessionId} has no original: its source is live.`);
    const local = await cache.local({ session_id: sessionId, original_key, bytes, sha256 }, signal);
    if (local.sha256 !== sha256) await recordSourceHash(sessionId, local.sha256);
    return local;
  };
}
