import type { EntityManager } from '@mikro-orm/postgresql';
import { cutToFit } from '../../kinds/scan/analysis/cut-to-fit.ts';
import type { ScanResult } from '../../kinds/scan/analysis/result.ts';
import type { persistScan } from '../../kinds/scan/tables/persist-scan.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityLog } from '../activity-log.ts';
import type { KindRecords } from '../kind-records.ts';
import { readWritten } from '../read-written.ts';
import type { WrittenScan } from './scan-file.ts';

export interface ScanRecordsNeeds {
  store: Pick<ArtifactStore, 'get'>;
  fieldsOf(jobId: string, tx?: EntityManager): Promise<ReadonlySet<string>>;
  persistScan: typeof persistScan;
  log: ActivityLog;
}

/** How a scan's rows are written, read back and told. */
export function scanRecords({ store, fieldsOf, persistScan, log }: ScanRecordsNeeds): KindRecords {
  return {
    fieldsOf,
    // The result is written with the rows, in the transition to `done`.
    resultOf: async () => ({}),
    async onCompleted({ job_id, status, result }) {
      const { verdict, score } = (result ?? {}) as Partial<ScanResult>;
      log.info({ job_id, status_after: status, verdict, score }, '[PERSISTED] Scan completed');
    },
    async openWritten(jobId: string, written: WrittenScan) {
      const result = await readWritten<ScanResult>(store, written.result);
      return {
        promises: [
          { name: 'verdict', fields: ['verdict'], objects: [] },
          { name: 'stages', fields: ['stages'], objects: [] },
          { name: 'result', fields: [], objects: [written.result.key.slice(`jobs/${jobId}/`.length)] },
        ],
        result: { ...cutToFit(result) },
        write: (tx) =>
          persistScan(tx, {
            job_id: jobId,
            sha256: written.source_sha256,
            cache_key: written.cache_key,
            result_key: written.result.key,
            result,
            artifacts: written.artifacts,
          }),
      };
    },
  };
}
