import type { EntityManager } from '@mikro-orm/postgresql';
import type { Job } from '../../domain/job.ts';
import { endStatus } from '../../domain/kind.ts';
import type { Kinds } from '../../domain/kind-registry.ts';
import { recordWebhookEvent } from '../webhooks/record-webhook-event.ts';
import { readAnyJob } from './job-row.ts';
import { recordTransition } from './record-transition.ts';

/** For an open job whose row the caller has locked; see `requestCancel`. */
export async function cancelInTransaction(
  tx: EntityManager,
  kinds: Kinds,
  job: Job,
  { by, why }: { by: string; why: string },
): Promise<void> {
  if (job.dispatched_at) {
    await tx.execute(
      `UPDATE analysis_jobs SET cancel_requested_at = now(), cancel_requested_by = ?
       WHERE job_id = ? AND cancel_requested_at IS NULL`,
      [by, job.job_id],
      'run',
    );
    return;
  }
  const canceled = endStatus(kinds.named(job.kind), 'canceled');
  await tx.execute(
    `UPDATE analysis_jobs SET status = ?, phase = 'canceled', error_message = ?, cancel_requested_at = now(),
       cancel_requested_by = ?, completed_at = now() WHERE job_id = ?`,
    [canceled, why, by, job.job_id],
    'run',
  );
  await recordTransition(tx, job.job_id, { from: job.status, to: canceled, stage: job.stage, why });
  await recordWebhookEvent(tx, await readAnyJob(tx, job.job_id), 'job.canceled');
}
