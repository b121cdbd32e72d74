import type { InferEntity } from '@mikro-orm/postgresql';
import type { Database } from '../../../database/database.ts';
import type { TechniquePass } from '../../../domain/kinds/technique.ts';
import { TechniquePassEntity } from './entity.ts';

export type TechniquePassRow = Pick<
  InferEntity<typeof TechniquePassEntity>,
  'results' | 'results_s3_key' | 'findings' | 'report' | 'created_at' | 'updated_at'
>;

/** What is stored of each pass; a pass not asked for or not reached is absent. */
export async function readTechniquePasses(
  database: Database,
  jobId: string,
): Promise<Partial<Record<TechniquePass, TechniquePassRow>>> {
  const rows = await database.em().find(TechniquePassEntity, { job_id: jobId });
  return Object.fromEntries(
    rows.map((row) => [
      row.pass,
      {
        results: row.results ?? null,
        results_s3_key: row.results_s3_key ?? null,
        findings: row.findings ?? null,
        report: row.report ?? null,
        created_at: row.created_at,
        updated_at: row.updated_at,
      },
    ]),
  );
}
