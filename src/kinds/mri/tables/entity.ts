import { defineEntity, p } from '@mikro-orm/postgresql';

/** What was found in a head, one row for each look: the quick one can be read while the deep one is at work. */
export const AnalysisResultEntity = defineEntity({
  name: 'AnalysisResult',
  tableName: 'analysis_results',
  properties: {
    result_id: p.uuid().primary(),
    job_id: p.uuid(),
    look: p.string().$type<'quick' | 'deep'>(),
    segmentation_result_key: p.string().length(500).nullable(),
    image_description: p.text().nullable(),
    enhanced_report: p.text().nullable(),
    confidence_scores: p.json().$type<Record<string, unknown>>().nullable(),
    processing_metrics: p.json().$type<Record<string, unknown>>(),
    created_at: p.datetime(),
  },
});
