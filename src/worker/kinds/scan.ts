import { availableParallelism } from 'node:os';
import { makeScanComputeActivities } from '../../activities/scan/scan-activities.ts';
import { judgeScan, wantsScanBefore } from '../../activities/scan/scan-before.ts';
import { scanRecords } from '../../activities/scan/scan-records.ts';
import { readScanConfiguration } from '../../activities/scan/scan-settings.ts';
import type { ScanPreparation } from '../../kinds/scan/child/look.ts';
import { scanTasks } from '../../kinds/scan/child/task-module.ts';
import { scanVersion } from '../../kinds/scan/stages/version.ts';
import { persistScan } from '../../kinds/scan/tables/persist-scan.ts';
import { findCachedScan, scanFields } from '../../kinds/scan/tables/read-scan.ts';
import { removeLeftovers } from '../../system/scratch-folder.ts';
import type { KindAtWork } from '../kind-at-work.ts';

export const scan: KindAtWork = {
  records: ({ database, store, log }) =>
    scanRecords({
      store,
      fieldsOf: (jobId, tx) => scanFields(tx ?? database.em(), jobId),
      persistScan,
      log,
    }),
  tasks: scanTasks,
  async compute({ settings }) {
    const configuration = await readScanConfiguration(settings);
    const { DOUBLETAKE_SCAN_RULES: rulesFolder } = configuration.settings;
    const preparation: ScanPreparation = { rulesFolder };
    return {
      prepare: preparation,
      activities: ({ database, pools, scratch, ...parts }) => {
        void removeLeftovers(scratch, 'scan').then((stayed) => {
          if (stayed.length > 0) parts.log.warn({ stayed }, 'Leftovers of earlier scans cannot be removed');
        });
        return makeScanComputeActivities({
          ...parts,
          scratch,
          configuration,
          pool: pools[scanTasks.sandbox],
          version: () => scanVersion(parts.softwareVersion, rulesFolder),
          findCached: (cacheKey, jobId) => findCachedScan(database.em(), cacheKey, jobId),
          atOnce: availableParallelism(),
        });
      },
    };
  },
  precedes: { isWanted: wantsScanBefore, judge: judgeScan },
};
