import type { EntityManager } from '@mikro-orm/postgresql';
import { claimArtifacts } from '../../../database/jobs/claim-artifacts.ts';
import type { Artifact } from '../../../domain/artifact.ts';
import type { ScanResult } from '../analysis/result.ts';

export interface ScanToPersist {
  job_id: string;
  sha256: string;
  cache_key: string;
  result_key: string;
  result: Pick<ScanResult, 'verdict' | 'score' | 'stages'>;
  artifacts: readonly Artifact[];
}

/** The verdict, its stages and the claims, in the transaction that says `done`. */
export async function persistScan(tx: EntityManager, scan: ScanToPersist): Promise<void> {
  const { job_id, sha256, cache_key, result_key, result, artifacts } = scan;
  await tx.execute(
    'INSERT INTO scans (job_id, verdict, score, sha256, cache_key, result_key) VALUES (?, ?, ?, ?, ?, ?)',
    [job_id, result.verdict, result.score, sha256, cache_key, result_key],
    'run',
  );
  for (const { name, category, score, findings, elapsed_ms, version } of result.stages) {
    await tx.execute(
      `INSERT INTO scan_stages (job_id, name, category, score, findings, elapsed_ms, version)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [job_id, name, category, score, findings.length, elapsed_ms, version],
      'run',
    );
  }
  await claimArtifacts(tx, job_id, artifacts);
}
