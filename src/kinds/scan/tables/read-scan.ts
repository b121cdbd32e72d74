import type { EntityManager } from '@mikro-orm/postgresql';
import { stageNames } from '../analysis/stage.ts';
import { ScanEntity, ScanStageEntity } from './entities.ts';

/**
 * Fields of a scan that hold something: `verdict`, and `stages` where every stage has its row.
 * @param em a transaction, which sees what it has written itself, or a fresh unit of work (`database.em()`)
 */
export async function scanFields(em: EntityManager, jobId: string): Promise<Set<string>> {
  const [scan, stages] = await Promise.all([
    em.findOne(ScanEntity, { job_id: jobId }, { disableIdentityMap: true }),
    em.find(ScanStageEntity, { job_id: jobId }, { disableIdentityMap: true }),
  ]);
  const names = new Set(stages.map(({ name }) => name));
  return new Set([
    ...(scan ? ['verdict'] : []),
    ...(stageNames.every((name) => names.has(name)) ? ['stages'] : []),
  ]);
}

export interface CachedScan {
  job_id: string;
  result_key: string;
}

/** The newest scan with this key that is still there, of another job of the same user: results hold names. */
export async function findCachedScan(
  em: EntityManager,
  cacheKey: string,
  jobId: string,
): Promise<CachedScan | null> {
  const [row] = await em.execute<CachedScan[]>(
    `SELECT scans.job_id, scans.result_key FROM scans
       JOIN analysis_jobs AS before USING (job_id)
       JOIN analysis_jobs AS now ON now.user_id = before.user_id
      WHERE scans.cache_key = ? AND now.job_id = ? AND before.job_id <> now.job_id
        AND before.deleted_at IS NULL AND before.phase = 'succeeded'
      ORDER BY scans.created_at DESC LIMIT 1`,
    [cacheKey, jobId],
  );
  return row ?? null;
}
