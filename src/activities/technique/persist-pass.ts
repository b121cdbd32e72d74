import type { TechniquePass } from '../../domain/kinds/technique.ts';
import type { PersistedPass } from '../../kinds/technique/tables/persist-technique-pass.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityLog } from '../activity-log.ts';
import type { JobReference } from '../job-reference.ts';
import { readWritten } from '../read-written.ts';
import type { WrittenPass } from './write-pass.ts';

export interface PersistPassNeeds {
  store: Pick<ArtifactStore, 'get'>;
  persistTechniquePass(pass: PersistedPass): Promise<void>;
  log: ActivityLog;
}

/** Everything a pass wrote to S3, into the database in one transaction. @throws StaleAttempt, ObjectMissing, ObjectChanged */
export function makePersistPass({ store, persistTechniquePass, log }: PersistPassNeeds) {
  return async function persistPass(
    job: JobReference & { pass: TechniquePass; written: WrittenPass },
  ): Promise<void> {
    const { job_id, attempt, pass, written } = job;
    const read = async (key: string | null) => {
      if (key === null) return null;
      const sha256 = written.artifacts.find((artifact) => artifact.key === key)?.sha256;
      // biome-ignore lint/suspicious/noExplicitAny: what a pass wrote itself
      return readWritten<any>(store, { key, sha256 });
    };
    const [results, findings, report] = await Promise.all([
      read(written.results_key),
      read(written.findings_key),
      read(written.report_key),
    ]);
    await persistTechniquePass({
      job_id,
      attempt,
      pass,
      results,
      results_s3_key: written.results_key,
      findings,
      report,
      artifacts: written.artifacts,
    });
    log.info(
      {
        job_id,
        results_s3_key: written.results_key,
        findings_len: findings?.findings.length ?? 0,
        report_len: report?.text.length ?? 0,
      },
      `Persisted ${pass} artifacts`,
    );
  };
}
