import { proxyActivities } from '@temporalio/workflow';

const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({ startToCloseTimeout: '1 minute' });

/** What Temporal itself costs: as many activities as a job has, each doing nothing, one after the other. */
export async function bare(activities: number): Promise<void> {
  for (let done = 0; done < activities; done++) await nothing();
}
