/** What every kind shares. A kind's definition gives each of its statuses one, and the database stores it beside the status. */
export const phases = ['queued', 'running', 'waiting', 'succeeded', 'failed', 'canceled'] as const;
export type Phase = (typeof phases)[number];

/** Phases in which a workflow may still be at work on the job. */
export const openPhases = ['queued', 'running', 'waiting'] as const satisfies readonly Phase[];

export function isOpen(phase: Phase): boolean {
  return (openPhases as readonly Phase[]).includes(phase);
}
