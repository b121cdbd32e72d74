import type { z } from 'zod';
import type { Promised } from './guardrail.ts';
import type { Phase } from './phase.ts';

/** A container, image or file format as sniffed from the bytes (`file-type`'s MIME words), or `*` + `/*` for any. */
export type MediaType = string;

/** One status of a kind. */
export interface StatusDefinition {
  /** What every kind shares; the database stores it beside the status. */
  phase: Phase;
  /** Statuses that may follow while an attempt runs. An ended status has none: only a retry leaves it. */
  to: readonly string[];
}

/** One look at the media, or one step of a kind's own. */
export interface Pass {
  /** The folder of its artifacts: `jobs/<job id>/<name>/`. */
  name: string;
  /** The status in which it runs; a kind with one running status need not say. */
  status?: string;
  /** The stage in which it runs, in capitals. */
  stage: string;
  /**
   * What must be in the database and in S3 once the pass is finished. A retry, or a workflow that was reset, goes on
   * after the last pass that keeps all of it; a pass that keeps nothing always runs again.
   */
  keeps: readonly Promised[];
}

/**
 * What is true of every job of a kind: pure data and rules. The shared rooms work from it and name no kind. Adding one
 * to `kinds/index.ts` makes the upload, the relay, retry, cancellation, the reconciler and retention know it.
 */
export interface KindDefinition<Options = unknown> {
  /** The kind's word, also the name of its workflow function: lower-case letters and digits. */
  kind: string;
  /** Whether a job needs an uploaded file, reads a live source that its options name, or may do either. */
  source: 'file' | 'live' | 'either';
  mediaTypes: readonly MediaType[];
  /** Whether a file of 0 bytes is accepted; it is refused unless told. */
  takesEmptyFiles?: boolean;
  /**
   * Whether the job's first step puts a cleaned file in the place of the original. Until then nobody reads it: no job of
   * another kind comes before, and it is given to nobody.
   */
  cleansOriginal?: boolean;
  options: z.ZodType<Options>;
  /** What stands for the file name where the source is live, e.g. the camera's id; never an address. */
  liveName?(options: Options): string;
  /** What it makes, where settings are about that: `events` for `DOUBLETAKE_EVENTS_…`. */
  words?: readonly string[];
  /** The settings of its own that the processes read: each name begins with `DOUBLETAKE_<KIND>_`, or one of its words. */
  settings?: z.ZodObject;
  statuses: Readonly<Record<string, StatusDefinition>>;
  /** The passes that the options ask for, in order; at least one. */
  passes(options: Options): readonly Pass[];
  /** Whether a retry goes on from this object, `<pass>/<name>`, though no row claims it: then the sweep leaves it. */
  resumesFrom(name: string): boolean;
  /**
   * Prefixes of S3 keys, each ending in `/`, under which the kind keeps objects that outlive their job, e.g. `cameras/`.
   * What a job keeps under `jobs/<job id>/` goes with the job; what lies here goes only when no row of the kind claims it.
   */
  lastingPrefixes?: readonly string[];
  /** Days an ended job is kept where the operator says nothing else. */
  retentionDays: number;
}

// biome-ignore lint/suspicious/noExplicitAny: each kind's options differ; the shared rooms carry them unread.
export type AnyKind = KindDefinition<any>;

type WithStatuses = Pick<KindDefinition, 'statuses'>;

/** Statuses of a phase, in the order of the definition. */
export function statusesOf({ statuses }: WithStatuses, ...phases: Phase[]): string[] {
  return Object.entries(statuses)
    .filter(([, { phase }]) => phases.includes(phase))
    .map(([status]) => status);
}

function onlyStatusOf(definition: WithStatuses, phase: Phase): string {
  const [status] = statusesOf(definition, phase);
  if (status === undefined) throw new RangeError(`No status has the phase ${phase}.`);
  return status;
}

/** The status of a job that was accepted, or is to be retried; its phase is `queued`. */
export function initialStatus(definition: WithStatuses): string {
  return onlyStatusOf(definition, 'queued');
}

/** The kind's word for one of the three ways in which a job can end. */
export function endStatus(definition: WithStatuses, phase: 'succeeded' | 'failed' | 'canceled'): string {
  return onlyStatusOf(definition, phase);
}

/** @throws RangeError for a status that the kind does not have */
export function phaseOf({ statuses }: WithStatuses, status: string): Phase {
  const found = Object.hasOwn(statuses, status) ? statuses[status] : undefined;
  if (!found)
    throw new RangeError(`There is no status "${status}"; known: ${Object.keys(statuses).join(', ')}`);
  return found.phase;
}

/** Statuses from which `to` may be reached in one transition. */
export function allowedFrom({ statuses }: WithStatuses, to: string): string[] {
  return Object.entries(statuses)
    .filter(([, status]) => status.to.includes(to))
    .map(([from]) => from);
}

/** The statuses that a retry leaves. */
export function retryableFrom(definition: WithStatuses): string[] {
  return statusesOf(definition, 'failed', 'canceled');
}

/** The status in which a pass runs. */
export function statusOfPass(definition: WithStatuses, pass: Pick<Pass, 'status'> | undefined): string {
  return pass?.status ?? onlyStatusOf(definition, 'running');
}

/** What a job of these options promises: what its passes keep, put together by name. */
export function promisesOf<Options>(definition: KindDefinition<Options>, options: Options): Promised[] {
  const byName = new Map<string, Promised>();
  for (const { name, fields, objects } of definition.passes(options).flatMap(({ keeps }) => keeps)) {
    const before = byName.get(name) ?? { name, fields: [], objects: [] };
    byName.set(name, {
      name,
      fields: [...before.fields, ...fields],
      objects: [...before.objects, ...objects],
    });
  }
  return [...byName.values()];
}

/** Whether the kind accepts a file of this type. */
export function takes({ mediaTypes }: Pick<KindDefinition, 'mediaTypes'>, found: MediaType): boolean {
  return mediaTypes.includes('*/*') || mediaTypes.includes(found);
}
