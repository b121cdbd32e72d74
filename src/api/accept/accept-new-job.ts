import { randomUUID } from 'node:crypto';
import { acceptJob } from '../../database/jobs/accept-job.ts';
import { findByIdempotencyKey } from '../../database/jobs/find-by-idempotency-key.ts';
import { Conflict, InvalidRequest } from '../../domain/errors.ts';
import type { Job } from '../../domain/job.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { NewWebhook } from '../schemas/webhook.ts';
import { fingerprintOf } from './idempotency.ts';

export interface NewJob {
  /** Whose job it becomes. */
  userId: string;
  kind: string;
  options: Record<string, unknown>;
  /** For the fingerprint; see `fingerprintOf`. */
  content: string;
  idempotencyKey: string | undefined;
  webhook: NewWebhook | undefined;
}

const printOf = ({ kind, options, content, webhook }: NewJob) =>
  fingerprintOf(kind, options, content, webhook?.url);

/** A new session of this file, or one more job of a session there is. */
export type JobSource = Parameters<typeof acceptJob>[1]['session'];

export interface Accepted {
  job: Job;
  /** The same request came before: this is its job. */
  replayed: boolean;
}

/** draft-ietf-httpapi-idempotency-key-header §2.7: the key again with another payload is a 422. */
function keyReused(key: string, cause?: unknown): InvalidRequest {
  return new InvalidRequest(
    `The Idempotency-Key "${key}" was used for a request with other content. Use a new key for a new request.`,
    'Idempotency-Key',
    { cause },
  );
}

/** The job an earlier request with this key and content made, if there was one. @throws InvalidRequest */
export async function replayOf(
  { database }: Pick<ApiDependencies, 'database'>,
  newJob: NewJob,
): Promise<Job | null> {
  const { userId, idempotencyKey } = newJob;
  if (idempotencyKey === undefined) return null;
  const earlier = await findByIdempotencyKey(database, userId, idempotencyKey);
  if (!earlier) return null;
  if (earlier.fingerprint !== printOf(newJob)) throw keyReused(idempotencyKey);
  return earlier.job;
}

/** Writes session and job in one transaction; from then on the relay sees to it. */
export async function acceptNewJob(
  { database }: Pick<ApiDependencies, 'database'>,
  newJob: NewJob,
  session: JobSource,
  uploadId?: string,
): Promise<Accepted> {
  const { userId, kind, options, idempotencyKey: key, webhook } = newJob;
  const idempotency = key === undefined ? undefined : { key, fingerprint: printOf(newJob) };
  try {
    const { job, created } = await acceptJob(database, {
      session,
      job: { job_id: randomUUID(), user_id: userId, kind, options, webhook },
      upload_id: uploadId,
      idempotency,
    });
    return { job, replayed: !created };
  } catch (error) {
    // Two requests raced with one key and different files; the database let one of them in.
    if (idempotency && error instanceof Conflict) {
      const earlier = await findByIdempotencyKey(database, userId, idempotency.key);
      if (earlier && earlier.fingerprint !== idempotency.fingerprint) throw keyReused(idempotency.key, error);
    }
    throw error;
  }
}
