import { regular } from './activity-class.ts';

/** On a schedule: objects that no row claims, and uploads nobody used, are removed after a grace. */
export async function sweep(input: { grace_hours: number }) {
  return regular.sweepOrphans(input);
}
