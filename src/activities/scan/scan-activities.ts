import { makeScanFile, type ScanFileNeeds } from './scan-file.ts';

/** On the compute queue. */
export function makeScanComputeActivities(needs: ScanFileNeeds) {
  return { scanFile: makeScanFile(needs) };
}

export type ScanComputeActivities = ReturnType<typeof makeScanComputeActivities>;
