import { defineEntity, p } from '@mikro-orm/postgresql';

/** One row for each scan that has a verdict. The whole result is in S3, and on the job where it is not too large. */
export const ScanEntity = defineEntity({
  name: 'Scan',
  tableName: 'scans',
  properties: {
    job_id: p.uuid().primary(),
    verdict: p.string(),
    score: p.integer(),
    sha256: p.string(),
    /** What the answer depends on; the same key, the same answer. */
    cache_key: p.string(),
    result_key: p.string().length(500),
    created_at: p.datetime(),
  },
});

/** One row for each stage of a scan: without all of them there is no verdict. */
export const ScanStageEntity = defineEntity({
  name: 'ScanStage',
  tableName: 'scan_stages',
  properties: {
    job_id: p.uuid().primary(),
    name: p.string().primary(),
    category: p.string(),
    score: p.integer(),
    findings: p.integer(),
    elapsed_ms: p.float(),
    version: p.text(),
  },
});
