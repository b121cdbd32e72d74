import { regular } from './activity-class.ts';

/** On a schedule: rows learn of workflows that were ended from outside. */
export async function reconcile(input: { idle_seconds: number }) {
  const jobs = await regular.reconcileJobs(input);
  const resumed_deletions = await regular.resumeDeletions();
  return { ...jobs, resumed_deletions };
}
