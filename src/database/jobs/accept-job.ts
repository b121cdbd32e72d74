import { type EntityManager, UniqueConstraintViolationException } from '@mikro-orm/postgresql';
import { Conflict, DatabaseWriteError, NotFound } from '../../domain/errors.ts';
import type { Job, Session } from '../../domain/job.ts';
import type { Kinds } from '../../domain/kind-registry.ts';
import type { Database } from '../database.ts';
import { SessionEntity, toSession } from '../entities/session.ts';
import { inTransaction } from '../transaction.ts';
import { claimUpload, lockUpload } from '../uploads/claim-upload.ts';
import { findByIdempotencyKey } from './find-by-idempotency-key.ts';
import { insertJob, type NewJobRow } from './insert-job.ts';
import { readJob } from './job-row.ts';

export type NewSession = Pick<
  Session,
  'id' | 'user_id' | 'original_key' | 'file_name' | 'media_type' | 'bytes' | 'sha256'
>;

export interface AcceptedRequest {
  session: NewSession | { existing_session_id: string };
  job: Omit<NewJobRow, 'idempotency' | 'preceding_for' | 'why'>;
  /** The finished upload the session's original came by; it is claimed with the session. */
  upload_id?: string;
  idempotency?: { key: string; fingerprint: string };
}

export interface Accepted {
  job: Job;
  session: Session;
  /** False when another request with this idempotency key made the job. */
  created: boolean;
}

/**
 * Session, job and first transition in one transaction. The row, not yet dispatched, is the relay's outbox.
 * The same idempotency key with the same fingerprint answers the job it made, also when two requests race, and
 * whatever the loser of the race ran into: the key, the upload that is claimed by now, or a lost connection.
 * @throws Conflict when the key was used for something else, or the upload belongs to a session already
 */
export async function acceptJob(database: Database, request: AcceptedRequest): Promise<Accepted> {
  const earlier = await acceptedBefore(database, request);
  if (earlier) return earlier;
  try {
    return await inTransaction(database, 'the job', (tx) => insertAll(tx, database.kinds, request));
  } catch (error) {
    const winner = await acceptedMeanwhile(database, request, error);
    if (winner) return winner;
    if (!isKeyTaken(error)) throw error;
    throw new Conflict(
      `Idempotency-Key "${request.idempotency?.key}" belongs to a job that is being deleted. Send a new key.`,
    );
  }
}

/** @throws Conflict when the key was used for something else */
async function acceptedMeanwhile(
  database: Database,
  request: AcceptedRequest,
  failure: unknown,
): Promise<Accepted | null> {
  try {
    return await acceptedBefore(database, request);
  } catch (error) {
    // Without the database nobody can look; then the first failure is the one to tell.
    throw error instanceof Conflict ? error : failure;
  }
}

function isKeyTaken(error: unknown): boolean {
  if (!(error instanceof DatabaseWriteError)) return false;
  const { cause } = error;
  return (
    cause instanceof UniqueConstraintViolationException &&
    'constraint' in cause &&
    cause.constraint === 'one_job_per_idempotency_key'
  );
}

async function acceptedBefore(
  database: Database,
  { idempotency, job }: AcceptedRequest,
): Promise<Accepted | null> {
  if (!idempotency) return null;
  const found = await findByIdempotencyKey(database, job.user_id, idempotency.key);
  if (!found) return null;
  if (found.fingerprint !== idempotency.fingerprint) {
    throw new Conflict(
      `Idempotency-Key "${idempotency.key}" was used for another request (job ${found.job.job_id}). Send a new key with a new request.`,
    );
  }
  const session = await readSession(database.em(), found.job.session_id);
  // Our own when the connection was lost after all was written: then the original is the job's, and stays.
  return { job: found.job, session, created: found.job.job_id === job.job_id };
}

async function insertAll(tx: EntityManager, kinds: Kinds, request: AcceptedRequest): Promise<Accepted> {
  const { session: wanted, job, upload_id, idempotency } = request;
  if (upload_id) await lockUpload(tx, upload_id);
  const sessionId = 'existing_session_id' in wanted ? wanted.existing_session_id : wanted.id;
  if (!('existing_session_id' in wanted)) {
    await tx.execute(
      `INSERT INTO sessions (id, user_id, original_key, file_name, media_type, bytes, sha256)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [
        wanted.id,
        wanted.user_id,
        wanted.original_key,
        wanted.file_name,
        wanted.media_type,
        wanted.bytes,
        wanted.sha256,
      ],
      'run',
    );
  }
  const session = await readSession(tx, sessionId, { lock: true });
  if (upload_id) await claimUpload(tx, upload_id, session);
  await insertJob(tx, kinds, session, { ...job, idempotency, why: 'Accepted by the API' });
  return { job: await readJob(tx, job.job_id), session: await readSession(tx, sessionId), created: true };
}

/** Locked against a deletion that would remove it while the job is added. */
async function readSession(tx: EntityManager, id: string, { lock = false } = {}): Promise<Session> {
  if (lock) await tx.execute('SELECT 1 FROM sessions WHERE id = ? FOR UPDATE', [id]);
  const row = await tx.findOne(SessionEntity, { id, deleted_at: null }, { disableIdentityMap: true });
  if (!row) throw new NotFound(`There is no session ${id}.`);
  return toSession(row);
}
