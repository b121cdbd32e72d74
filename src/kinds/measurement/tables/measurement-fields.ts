import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../../../database/database.ts';

/** The fields of the newest version that hold something: `measurements`, `annotated_image_key`, `rectified_image_key`, `preview`. */
export async function measurementFields(database: Database, jobId: string): Promise<Set<string>> {
  return measurementFieldsIn(database.em(), jobId);
}

/** The same within a transaction, which sees what it has written itself. */
export async function measurementFieldsIn(tx: EntityManager, jobId: string): Promise<Set<string>> {
  const [row] = await tx.execute<Record<string, boolean>[]>(
    `SELECT EXISTS (SELECT 1 FROM measurements AS m WHERE m.job_id = v.job_id AND m.version = v.version) AS measurements,
       annotated_image_key IS NOT NULL AS annotated_image_key, rectified_image_key IS NOT NULL AS rectified_image_key,
       preview IS NOT NULL AS preview
     FROM measurement_versions AS v WHERE job_id = ? ORDER BY version DESC LIMIT 1`,
    [jobId],
  );
  return new Set(Object.entries(row ?? {}).flatMap(([field, holds]) => (holds ? [field] : [])));
}
