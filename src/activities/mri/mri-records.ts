import type { EntityManager } from '@mikro-orm/postgresql';
import type { ActivityLog } from '../activity-log.ts';
import type { KindRecords } from '../kind-records.ts';
import { readHead } from './measure-head.ts';
import type { MriNeeds } from './mri-needs.ts';

export interface MriRecordsNeeds {
  store: Pick<MriNeeds['store'], 'get'>;
  fieldsOf(jobId: string, tx?: EntityManager): Promise<ReadonlySet<string>>;
  log: ActivityLog;
}

/** How a head's rows are read back and told. */
export function mriRecords({ store, fieldsOf, log }: MriRecordsNeeds): KindRecords {
  return {
    fieldsOf,
    async resultOf(jobId) {
      const { measured, models } = await readHead(store, jobId);
      return { not_for_diagnosis: true, ...measured, models };
    },
    async onCompleted({ job_id, status, result }) {
      log.info({ job_id, status_after: status, confidence: result?.confidence }, '[PERSISTED] Head measured');
    },
  };
}
