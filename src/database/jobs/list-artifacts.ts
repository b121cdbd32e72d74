import type { Artifact } from '../../domain/artifact.ts';
import type { Database } from '../database.ts';
import { ArtifactEntity } from '../entities/records.ts';

/** What the job's passes wrote and persisted, by key. */
export async function listArtifacts(database: Database, jobId: string): Promise<Artifact[]> {
  const rows = await database.em().find(ArtifactEntity, { job_id: jobId }, { orderBy: { key: 'asc' } });
  return rows.map(({ pass, name, key, media_type, bytes, sha256 }) => ({
    pass,
    name,
    key,
    media_type,
    bytes,
    sha256,
  }));
}
