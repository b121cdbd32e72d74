import type { EntityManager } from '@mikro-orm/postgresql';
import { queuedStage, type Session, workflowIdOf } from '../../domain/job.ts';
import { initialStatus } from '../../domain/kind.ts';
import type { Kinds } from '../../domain/kind-registry.ts';
import { recordTransition } from './record-transition.ts';

export interface NewJobRow {
  job_id: string;
  user_id: string;
  kind: string;
  options: Record<string, unknown>;
  /** Without a secret of its own the service's signs. */
  webhook?: { url: string; secret?: string };
  idempotency?: { key: string; fingerprint: string };
  /** The job that it is to end before, which starts its workflow; unless told the relay starts it. */
  preceding_for?: string;
  /** In words: the first transition's reason. */
  why: string;
}

/** Writes a job of a session, and its first transition. */
export async function insertJob(
  tx: EntityManager,
  kinds: Kinds,
  session: Pick<Session, 'id' | 'original_key'>,
  { job_id, user_id, kind, options, webhook, idempotency, preceding_for, why }: NewJobRow,
): Promise<void> {
  const status = initialStatus(kinds.named(kind));
  await tx.execute(
    `INSERT INTO analysis_jobs (job_id, session_id, user_id, kind, original_key, options, status, phase, stage,
       workflow_id, idempotency_key, request_fingerprint, webhook_url, webhook_secret, preceding_for)
     VALUES (?, ?, ?, ?, ?, ?::jsonb, ?, 'queued', ?, ?, ?, ?, ?, ?, ?)`,
    [
      ...[job_id, session.id, user_id, kind, session.original_key, JSON.stringify(options)],
      ...[status, queuedStage, workflowIdOf(kind, job_id)],
      ...[idempotency?.key ?? null, idempotency?.fingerprint ?? null],
      ...[webhook?.url ?? null, webhook?.secret ?? null, preceding_for ?? null],
    ],
    'run',
  );
  await recordTransition(tx, job_id, { from: null, to: status, stage: queuedStage, why });
}
