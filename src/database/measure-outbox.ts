import type { Database } from './database.ts';

export interface OutboxMeasure {
  what: 'job' | 'cancel' | 'deletion' | 'webhook';
  /** Rows that Temporal has not been told of. */
  waiting: number;
  /** How long the oldest of them has waited, in seconds; 0 where there is none. */
  oldest_seconds: number;
}

/**
 * What the relay has before it; for `/metrics`. A job waits since its row was last touched, not since it was made: a
 * retry begins to wait anew, and nothing else touches a job that waits.
 */
export async function measureOutbox(database: Database): Promise<OutboxMeasure[]> {
  return database.em().execute<OutboxMeasure[]>(
    `SELECT 'job' AS what, count(*)::int AS waiting, ${age('updated_at')} AS oldest_seconds FROM analysis_jobs
     WHERE phase = 'queued' AND dispatched_at IS NULL AND deleted_at IS NULL
     UNION ALL SELECT 'cancel', count(*)::int, ${age('cancel_requested_at')} FROM analysis_jobs
     WHERE phase IN ('queued', 'running', 'waiting')
       AND dispatched_at IS NOT NULL AND cancel_requested_at IS NOT NULL AND cancel_delivered_at IS NULL
     UNION ALL SELECT 'deletion', count(*)::int, ${age('created_at')} FROM deletions
     WHERE dispatched_at IS NULL AND completed_at IS NULL
     UNION ALL SELECT 'webhook', count(*)::int, ${age('created_at')} FROM webhook_events
     WHERE dispatched_at IS NULL`,
  );
}

/** Not below 0: a trigger's clock runs on through a transaction, `now()` does not. */
function age(column: string): string {
  return `greatest(0, coalesce(extract(epoch FROM now() - min(${column})), 0))::float8`;
}
