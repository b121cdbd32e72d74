import { createHash } from 'node:crypto';
import type { ScannedNode, ScanResult } from '../../kinds/scan/analysis/result.ts';
import type { ScanConfiguration } from './scan-settings.ts';

export interface CacheKeyParts {
  sha256: string;
  /** All of it: stages judge the whole name, and what is in a compressed file goes by a name made of it. */
  name: string;
  version: string;
  /** Null where ClamAV could not be asked for it. */
  clamav: string | null;
  configuration: Pick<ScanConfiguration, 'limits' | 'passwords' | 'listsVersion' | 'settings'>;
  jobId: string;
}

/** Whatever can change the answer. With ClamAV out of reach nobody knows that, so the key is this job's alone. */
export function cacheKeyOf({ sha256, name, version, clamav, configuration, jobId }: CacheKeyParts): string {
  const { limits, passwords, listsVersion, settings } = configuration;
  const parts = [sha256, name, version, clamav ?? { of: jobId }, limits, passwords, listsVersion, settings];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Whether another scan would say the same: a stage that failed, or that ran out of time, may get on the next time. */
export function mayBeRepeated({ tree, limits }: Pick<ScanResult, 'tree' | 'limits'>): boolean {
  if (limits.some(({ name }) => name === 'stage_seconds' || name === 'scan_seconds')) return false;
  const isWhole = ({ stages, children }: ScannedNode): boolean =>
    !Object.values(stages).some((category) => category === 'failure' || category === 'timeout') &&
    children.every(isWhole);
  return isWhole(tree);
}
