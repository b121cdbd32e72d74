/** What every kind shares. Computed by the database from `status`; never written. */
export const phases = ['queued', 'running', 'waiting', 'succeeded', 'failed', 'canceled'] as const;
export type Phase = (typeof phases)[number];

/** Phases in which a workflow may still be at work on the job. */
export const openPhases = ['queued', 'running', 'waiting'] as const satisfies readonly Phase[];

const phaseByStatus: Readonly<Record<string, Phase>> = {
  queued: 'queued',
  uploaded: 'queued',
  needs_assist: 'waiting',
  done: 'succeeded',
  completed: 'succeeded',
  failed: 'failed',
  canceled: 'canceled',
};

/** The phase of a status word of any kind. A word not listed is a step of work: `running`. */
export function phaseOf(status: string): Phase {
  return phaseByStatus[status] ?? 'running';
}

export function isOpen(phase: Phase): boolean {
  return (openPhases as readonly Phase[]).includes(phase);
}

/** The same mapping as SQL, for the generated column; one table serves both. */
export function phaseSql(column: string): string {
  const cases = Object.entries(phaseByStatus).map(([status, phase]) => `WHEN '${status}' THEN '${phase}'`);
  return `CASE ${column} ${cases.join(' ')} ELSE 'running' END`;
}
