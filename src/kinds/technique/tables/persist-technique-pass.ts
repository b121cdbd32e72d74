import type { Database } from '../../../database/database.ts';
import { claimArtifacts } from '../../../database/jobs/claim-artifacts.ts';
import { readJob } from '../../../database/jobs/job-row.ts';
import { inTransaction } from '../../../database/transaction.ts';
import type { Artifact } from '../../../domain/artifact.ts';
import { StaleAttempt } from '../../../domain/errors.ts';
import type { TechniquePass } from '../../../domain/kinds/technique.ts';
import type { Findings, Report } from '../finding.ts';

export interface PersistedPass {
  job_id: string;
  attempt: number;
  pass: TechniquePass;
  results: Record<string, unknown> | null;
  results_s3_key: string | null;
  findings: Findings | null;
  report: Report | null;
  artifacts: Artifact[];
}

/**
 * Everything extracted from a pass's artifacts, in one transaction. Running twice is running once.
 * @throws StaleAttempt when the job is not running at this attempt
 */
export async function persistTechniquePass(database: Database, written: PersistedPass): Promise<void> {
  const { job_id, attempt, pass } = written;
  await inTransaction(database, `the ${pass} pass`, async (tx) => {
    const job = await readJob(tx, job_id, { lock: true });
    if (job.attempt !== attempt || job.phase !== 'running') {
      throw new StaleAttempt(
        `The ${pass} pass of job ${job_id} comes too late: it is ${job.status} at attempt ${job.attempt}.`,
        job,
      );
    }
    const json = (value: unknown) => (value === null ? null : JSON.stringify(value));
    await tx.execute(
      `INSERT INTO technique_passes (job_id, pass, results, results_s3_key, findings, report)
       VALUES (?, ?, ?::jsonb, ?, ?::jsonb, ?::jsonb)
       ON CONFLICT (job_id, pass) DO UPDATE SET results = excluded.results,
         results_s3_key = excluded.results_s3_key, findings = excluded.findings, report = excluded.report`,
      [
        job_id,
        pass,
        json(written.results),
        written.results_s3_key,
        json(written.findings),
        json(written.report),
      ],
      'run',
    );
    await claimArtifacts(tx, job_id, written.artifacts);
  });
}
