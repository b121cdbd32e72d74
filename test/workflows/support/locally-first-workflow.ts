import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import { locallyFirst } from '../../../src/workflows/locally-first.ts';

interface Activities {
  write(what: string): Promise<string>;
}

const { write: local } = proxyLocalActivities<Activities>({
  scheduleToCloseTimeout: '5 seconds',
  retry: { initialInterval: '10 milliseconds', maximumAttempts: 3 },
});
const { write: patient } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '10 milliseconds', backoffCoefficient: 1 },
});

export async function writeLocallyFirst(what: string): Promise<string> {
  return locallyFirst(local, patient)(what);
}
