import type { Activities } from './kind-at-work.ts';

/**
 * The activities of several kinds for one queue, where each is called by its name.
 * @throws Error when two of them have one name: one would be called in place of the other
 */
export function mergeActivities(parts: readonly (Activities | undefined)[]): Activities {
  const merged: Activities = {};
  for (const part of parts) {
    for (const [name, activity] of Object.entries(part ?? {})) {
      if (Object.hasOwn(merged, name)) throw new Error(`Two activities of one queue are named "${name}".`);
      merged[name] = activity;
    }
  }
  return merged;
}
