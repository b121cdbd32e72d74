import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../../../database/database.ts';
import { claimArtifacts } from '../../../database/jobs/claim-artifacts.ts';
import { readJob } from '../../../database/jobs/job-row.ts';
import { inTransaction } from '../../../database/transaction.ts';
import type { Artifact } from '../../../domain/artifact.ts';
import { StaleAttempt } from '../../../domain/errors.ts';

export type Look = 'quick' | 'deep';

/** What a look writes; a column that is left out stays as it is. */
export interface ResultColumns {
  segmentation_result_key?: string | null;
  image_description?: string;
  enhanced_report?: string;
  confidence_scores?: Record<string, unknown> | null;
  /** Put together with what is there. */
  processing_metrics?: Record<string, unknown>;
}

/**
 * The columns of a look and the claims of its objects, in one transaction. Running twice is running once.
 * @throws StaleAttempt when the job is not running at this attempt
 */
export async function persistResult(
  database: Database,
  { job_id, attempt }: { job_id: string; attempt: number },
  look: Look,
  columns: ResultColumns,
  artifacts: readonly Artifact[],
): Promise<void> {
  await inTransaction(database, `the ${look} result`, async (tx) => {
    const job = await readJob(tx, job_id, { lock: true });
    if (job.attempt !== attempt || job.phase !== 'running') {
      throw new StaleAttempt(
        `The ${look} result of job ${job_id} comes too late: it is ${job.status} at attempt ${job.attempt}.`,
        job,
      );
    }
    await write(tx, job_id, look, columns);
    await claimArtifacts(tx, job_id, artifacts);
  });
}

async function write(tx: EntityManager, jobId: string, look: Look, columns: ResultColumns): Promise<void> {
  const { processing_metrics = {}, confidence_scores, ...texts } = columns;
  await tx.execute(
    `INSERT INTO analysis_results (job_id, look, processing_metrics) VALUES (?, ?, ?::jsonb)
     ON CONFLICT (job_id, look) DO UPDATE
       SET processing_metrics = analysis_results.processing_metrics || excluded.processing_metrics`,
    [jobId, look, JSON.stringify(processing_metrics)],
    'run',
  );
  const changed: [string, unknown][] = Object.entries(texts).filter(([, value]) => value !== undefined);
  if (confidence_scores !== undefined)
    changed.push(['confidence_scores', confidence_scores && JSON.stringify(confidence_scores)]);
  if (changed.length === 0) return;
  const columnsOf = changed.map(([name]) =>
    name === 'confidence_scores' ? `${name} = ?::jsonb` : `${name} = ?`,
  );
  await tx.execute(
    `UPDATE analysis_results SET ${columnsOf.join(', ')} WHERE job_id = ? AND look = ?`,
    [...changed.map(([, value]) => value), jobId, look],
    'run',
  );
}
