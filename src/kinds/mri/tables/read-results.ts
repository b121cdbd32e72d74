import type { EntityManager } from '@mikro-orm/postgresql';
import { AnalysisResultEntity } from './entity.ts';
import type { Look } from './persist-result.ts';

export interface StoredResult {
  result_id: string;
  job_id: string;
  look: Look;
  segmentation_result_key: string | null;
  image_description: string | null;
  enhanced_report: string | null;
  confidence_scores: Record<string, unknown> | null;
  processing_metrics: Record<string, unknown>;
  created_at: Date;
}

/** The looks of a job, in the order in which they were written. */
export async function readResults(em: EntityManager, jobId: string): Promise<StoredResult[]> {
  const rows = await em.find(
    AnalysisResultEntity,
    { job_id: jobId },
    { orderBy: { created_at: 'asc', look: 'desc' }, disableIdentityMap: true },
  );
  return rows.map((row) => ({
    result_id: row.result_id,
    job_id: row.job_id,
    look: row.look,
    segmentation_result_key: row.segmentation_result_key ?? null,
    image_description: row.image_description ?? null,
    enhanced_report: row.enhanced_report ?? null,
    confidence_scores: row.confidence_scores ?? null,
    processing_metrics: row.processing_metrics,
    created_at: row.created_at,
  }));
}

/** Columns of the deep look that hold something, by the names of the read API. */
export async function resultFields(em: EntityManager, jobId: string): Promise<Set<string>> {
  const deep = (await readResults(em, jobId)).find(({ look }) => look === 'deep');
  const names = [
    'segmentation_result_key',
    'confidence_scores',
    'image_description',
    'enhanced_report',
  ] as const;
  return new Set(names.filter((name) => deep?.[name]));
}
