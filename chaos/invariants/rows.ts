import type { Database } from '../../src/database/database.ts';
import type { Request } from '../users.ts';

export interface JobRow {
  job_id: string;
  idempotency_key: string | null;
  kind: string;
  attempt: number;
  status: string;
  phase: string;
  options: Record<string, unknown>;
  result: unknown;
  error_message: string | null;
  workflow_id: string;
  /** The job before which another kind asked for this one; null for what a user sent. */
  preceding_for: string | null;
  session_status: string;
}

/** A row and the request it is of; a job that no user sent has none. */
export interface Asked {
  job: JobRow;
  request: Request | undefined;
}

export const ended: readonly string[] = ['succeeded', 'failed', 'canceled'];

/** Every row there is. */
export async function readJobs(database: Database): Promise<JobRow[]> {
  return database.em().execute<JobRow[]>(
    `SELECT job_id, idempotency_key, kind, attempt, j.status, phase, options, result, error_message, workflow_id,
       preceding_for, s.status AS session_status
       FROM analysis_jobs j JOIN sessions s ON s.id = j.session_id ORDER BY j.created_at`,
  );
}

/** Every request was accepted in the end, and what was accepted has a row. */
export function lost(requests: readonly Request[], jobs: readonly JobRow[]): string[] {
  const keyOf = new Map(jobs.map(({ job_id, idempotency_key }) => [job_id, idempotency_key]));
  return requests.flatMap(({ kind, input, idempotencyKey, jobId, refused }) => {
    if (!jobId) return [`${kind}, ${input.name}: ${refused ?? 'never accepted'}`];
    return keyOf.get(jobId) === idempotencyKey
      ? []
      : [`${jobId} (${kind}, ${input.name}): accepted, and no row has it`];
  });
}

/** No request became two jobs, and nothing is there that nobody asked for. */
export async function doubled(database: Database, asked: readonly Asked[]): Promise<string[]> {
  const ids = new Set(asked.map(({ job }) => job.job_id));
  const unasked = asked.flatMap(({ job: { job_id, kind, preceding_for }, request }) => {
    if (preceding_for)
      return ids.has(preceding_for) ? [] : [`${job_id} (${kind}): it comes before a job that is not there`];
    return request?.jobId === job_id ? [] : [`${job_id} (${kind}): nobody was told of it`];
  });
  const empty = await database
    .em()
    .execute<{ id: string }[]>(
      'SELECT id FROM sessions AS s WHERE NOT EXISTS (SELECT 1 FROM analysis_jobs WHERE session_id = s.id)',
    );
  return [...unasked, ...empty.map(({ id }) => `session ${id}: it has no job`)];
}

/**
 * Each line of a job's history begins where the one before ended, and the last where the job is; a job that ended twice has
 * one that does not.
 */
export async function brokenHistories(database: Database): Promise<string[]> {
  const rows = await database
    .em()
    .execute<{ job_id: string; before: string; from_status: string; at: string }[]>(
      `SELECT job_id, before, from_status, at FROM (
         SELECT job_id, from_status, at, lag(to_status) OVER (PARTITION BY job_id ORDER BY id) AS before
           FROM job_transitions
         UNION ALL
         SELECT job_id, status, now(), (SELECT to_status FROM job_transitions AS t WHERE t.job_id = j.job_id ORDER BY id DESC LIMIT 1)
           FROM analysis_jobs AS j) AS lines
        WHERE from_status IS DISTINCT FROM before`,
    );
  return rows.map(
    ({ job_id, before, from_status, at }) =>
      `${job_id}: at ${at} it went on from "${from_status}", though it was "${before}"`,
  );
}

/** What one input came to is what it always comes to. */
export function endedOtherwise(asked: readonly Asked[]): string[] {
  return asked.flatMap(({ request, job: { job_id, kind, phase, status, error_message } }) =>
    !request || !ended.includes(phase) || phase === request.input.ends
      ? []
      : [`${job_id} (${kind}, ${request.input.name}): ${status}, ${error_message ?? 'without a message'}`],
  );
}
