import type { techniqueMetrics } from '../../domain/kinds/technique.ts';

/** What a coach calls each metric: one word for one thing, in the report and on the command line. */
export const metricTitles: Readonly<Record<(typeof techniqueMetrics)[number], string>> = {
  head_stability: 'Steady head',
  balance_drift: 'Balance over the feet',
  knee_brace: 'Front knee brace',
  hip_shoulder_separation: 'Hip-shoulder separation',
  elbow_drop: 'Elbow drop',
};
