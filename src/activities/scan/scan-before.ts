import type { Job } from '../../domain/job.ts';
import { scanSettings } from '../../domain/kinds/scan.ts';
import type { ScanResult } from '../../kinds/scan/analysis/result.ts';
import type { Judgement } from '../preceding/judge-preceding.ts';

/** A scan comes before any other kind where the operator wants it. */
export function wantsScanBefore({ kind, settings }: { kind: string; settings: object }): boolean {
  return kind !== 'scan' && scanSettings.parse(settings).DOUBLETAKE_SCAN_BEFORE_ANALYSIS === 'true';
}

/**
 * What is malicious is never decoded. Whether a file that could not be looked into may be is the operator's choice; that it
 * was not is said in the result either way.
 */
export function judgeScan(job: Job, settings: object): Judgement {
  const { verdict } = (job.result ?? {}) as Partial<ScanResult>;
  const details = `See the report of job ${job.job_id}, which scanned it.`;
  if (verdict === 'malicious')
    return {
      refusal: {
        type: 'MaliciousFile',
        message: `The scan before the analysis found this file malicious, so it was not opened. ${details}`,
      },
    };
  if (verdict === 'clean' || verdict === 'suspicious') return { note: `the scan says ${verdict}` };
  if (scanSettings.parse(settings).DOUBLETAKE_SCAN_UNKNOWN === 'refuse')
    return {
      refusal: {
        type: 'UnscannedFile',
        message: `The scan before the analysis could not look at all of this file, and this service refuses such files. ${details}`,
      },
    };
  return { note: 'the scan could not look at all of this file' };
}
