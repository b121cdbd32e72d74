import { defineEntity, p } from '@mikro-orm/postgresql';
import type { TechniquePass } from '../../../domain/kinds/technique.ts';
import type { Findings, Report } from '../finding.ts';

export const TechniquePassEntity = defineEntity({
  name: 'TechniquePass',
  tableName: 'technique_passes',
  properties: {
    job_id: p.uuid().primary(),
    pass: p.string().$type<TechniquePass>().primary(),
    results: p.json().$type<Record<string, unknown>>().nullable(),
    results_s3_key: p.string().length(500).nullable(),
    findings: p.json().$type<Findings>().nullable(),
    report: p.json().$type<Report>().nullable(),
    created_at: p.datetime(),
    updated_at: p.datetime(),
  },
});
