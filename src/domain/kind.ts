import type { z } from 'zod';
import type { Promised } from './guardrail.ts';

/** The container or image formats a kind accepts, as sniffed from the bytes (`file-type`'s MIME words). */
export type MediaType = string;

/**
 * All that the shared rooms need to know of a kind. Adding one to `kinds/index.ts` is how the API, the
 * relay, the reconciler and the retention learn of it.
 */
export interface KindDefinition<Options = unknown> {
  kind: string;
  /** The workflow function's name. */
  workflowType: string;
  mediaTypes: readonly MediaType[];
  /** Status a new job gets; its phase is `queued`. */
  initialStatus: string;
  /** Allowed steps: from each status to these. A status with none is final. */
  steps: Readonly<Record<string, readonly string[]>>;
  /** The word for each way a job can end. */
  ends: { succeeded: string; failed: string; canceled: string };
  /** Steps from an ended status back to the initial one: what `retry` may do. */
  retryableFrom: readonly string[];
  /** Days an ended job is kept where the operator says nothing else. */
  retentionDays: number;
  /** Whether a retry goes on from this object, `<pass>/<name>`, though no row claims it: then the sweep leaves it. */
  resumesFrom(name: string): boolean;
  stages: readonly string[];
  options: z.ZodType<Options>;
  /** Passes the options ask for, in order. */
  passes(options: Options): readonly string[];
  /**
   * What must be there before the job may be called done. Absent for a kind whose story says at its end what it promises
   * (`WrittenRows.promises`).
   */
  promises?(options: Options): readonly Promised[];
}

/** Statuses from which `to` may be reached. */
export function allowedFrom(definition: Pick<KindDefinition, 'steps'>, to: string): string[] {
  return Object.entries(definition.steps)
    .filter(([, targets]) => targets.includes(to))
    .map(([from]) => from);
}
