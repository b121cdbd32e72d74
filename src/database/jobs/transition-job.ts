import type { EntityManager } from '@mikro-orm/postgresql';
import { StaleAttempt } from '../../domain/errors.ts';
import type { Job } from '../../domain/job.ts';
import { allowedFrom, phaseOf } from '../../domain/kind.ts';
import { withoutInternals } from '../../domain/our-words.ts';
import { isOpen } from '../../domain/phase.ts';
import { webhookEventOf } from '../../domain/webhook.ts';
import type { Database } from '../database.ts';
import { inTransaction } from '../transaction.ts';
import { recordWebhookEvent } from '../webhooks/record-webhook-event.ts';
import { readAnyJob } from './job-row.ts';
import { lastTransitionIn } from './last-transition.ts';
import { recordTransition } from './record-transition.ts';

export interface JobTransition {
  job_id: string;
  attempt: number;
  to: string;
  /**
   * Takes the place of the kind's transitions: the job may leave any status, but only if this is still the id of its newest
   * transition. For a workflow that begins again, whose job is further on than the pass with which it goes on.
   */
  after?: number;
  stage: string;
  why: string;
  /** For users, whoever wrote it: what names our machines is taken out of it, and of the `why` beside it. */
  error_message?: string | null;
  error_type?: string | null;
  progress_pct?: number;
  result?: Record<string, unknown> | null;
}

/**
 * Writes what the status promises, in the same transaction, on the job as moved; when it throws, nothing was
 * moved. It may answer with the job's result, where that can only be known then.
 */
export type WrittenWithin = (
  tx: EntityManager,
  job: Job,
  // biome-ignore lint/suspicious/noConfusingVoidType: most have nothing to answer, and say nothing.
) => Promise<{ result: Record<string, unknown> } | void>;

/** `transitionJob` on a database that is known. */
export type TransitionJob = (transition: JobTransition, within?: WrittenWithin) => Promise<Job>;

/**
 * The one place where a running attempt's status changes: one conditional UPDATE of status and phase, its transition and
 * the session's status in one transaction. Of two that race, one wins. Already there for this attempt: nothing is written.
 * Only an attempt's own workflow gets here, so the attempt counts as dispatched, also when the relay was lost between
 * starting the workflow and writing that down: the reconciler and a cancellation must find it.
 * @param within is not called for a job that is there already
 * @throws StaleAttempt when the job has ended otherwise or a later attempt has it; NotFound
 */
export async function transitionJob(
  database: Database,
  transition: JobTransition,
  within?: WrittenWithin,
): Promise<Job> {
  return inTransaction(database, `the transition to ${transition.to}`, async (tx) => {
    const { job_id, attempt, to, stage } = transition;
    // The row is locked first, so that "already there" and "from where" are answered about the same moment.
    await tx.execute('SELECT 1 FROM analysis_jobs WHERE job_id = ? FOR UPDATE', [job_id]);
    const before = await readAnyJob(tx, job_id);
    if (before.attempt === attempt && before.status === to) return before;
    const definition = database.kinds.named(before.kind);
    const phase = phaseOf(definition, to);
    const { after, error_message } = transition;
    const told = (words: string) => withoutInternals(words, before.file_name);
    const why = error_message ? told(transition.why) : transition.why;
    if (after !== undefined && after !== (await lastTransitionIn(tx, job_id)))
      throw stale(before, transition);
    const from = after === undefined ? allowedFrom(definition, to) : [before.status];
    const ended = !isOpen(phase);
    const { affectedRows } = await tx.execute<{ affectedRows: number }>(
      `UPDATE analysis_jobs SET status = ?, phase = ?, stage = ?, error_message = ?, error_type = ?,
         progress_pct = CASE WHEN ? THEN 100 ELSE greatest(progress_pct, least(?, 99)) END,
         result = coalesce(?::jsonb, result),
         dispatched_at = coalesce(dispatched_at, now()),
         started_at = coalesce(started_at, CASE WHEN phase = 'queued' THEN now() END),
         assist_due_at = NULL,
         completed_at = CASE WHEN ? THEN now() END
       WHERE job_id = ? AND attempt = ? AND status = ANY(string_to_array(?, ','))`,
      [
        to,
        phase,
        stage,
        error_message ? told(error_message) : null,
        transition.error_type ?? null,
        phase === 'succeeded',
        transition.progress_pct ?? 0,
        transition.result ? JSON.stringify(transition.result) : null,
        ended,
        job_id,
        attempt,
        from.join(','),
      ],
      'run',
    );
    if (affectedRows === 0) throw stale(before, transition);
    if (ended) await tx.execute('DELETE FROM segment_progress WHERE job_id = ?', [job_id], 'run');
    await recordTransition(tx, job_id, { from: before.status, to, stage, why });
    const written = within && (await within(tx, await readAnyJob(tx, job_id)));
    if (written) {
      const result = JSON.stringify(written.result);
      await tx.execute(
        'UPDATE analysis_jobs SET result = ?::jsonb WHERE job_id = ?',
        [result, job_id],
        'run',
      );
    }
    const moved = await readAnyJob(tx, job_id);
    await recordWebhookEvent(tx, moved, webhookEventOf(moved.phase));
    return moved;
  });
}

function stale(job: Job, { attempt, to }: JobTransition): StaleAttempt {
  const where =
    job.attempt === attempt
      ? `it is ${job.status}`
      : `attempt ${job.attempt} has taken it over from ${attempt}`;
  return new StaleAttempt(`Job ${job.job_id} can't become ${to}: ${where}.`, job);
}
