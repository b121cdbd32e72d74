import type { EntityManager } from '@mikro-orm/postgresql';
import type { Artifact } from '../../domain/artifact.ts';

/** Says in the caller's transaction that these objects are the job's; what no row claims is swept. */
export async function claimArtifacts(
  tx: EntityManager,
  jobId: string,
  artifacts: readonly Artifact[],
): Promise<void> {
  if (artifacts.length === 0) return;
  await tx.execute(
    `INSERT INTO artifacts (job_id, pass, name, key, media_type, bytes, sha256)
     SELECT ?, pass, name, key, media_type, bytes, sha256
     FROM jsonb_to_recordset(?::jsonb)
       AS artifact (pass text, name text, key text, media_type text, bytes bigint, sha256 text)
     ON CONFLICT (key) DO UPDATE SET media_type = excluded.media_type, bytes = excluded.bytes,
       sha256 = excluded.sha256`,
    [jobId, JSON.stringify(artifacts)],
    'run',
  );
}
