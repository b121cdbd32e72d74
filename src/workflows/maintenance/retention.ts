import { regular } from './activity-class.ts';

/** On a schedule: what is older than its kind's retention is asked to be deleted. `days` by kind. */
export async function retention(input: { days: Record<string, number> }) {
  return regular.requestExpiredDeletions(input);
}
