import type { ActivityLog } from '../activities/activity-log.ts';
import type { KindRecords } from '../activities/kind-records.ts';
import type { FetchOriginal } from '../activities/originals/fetch-original.ts';
import type { Judgement } from '../activities/preceding/judge-preceding.ts';
import type { Database } from '../database/database.ts';
import type { Job } from '../domain/job.ts';
import type { ScheduleSpec } from '../maintenance/schedules.ts';
import type { Pools, Sandbox } from '../media/sandboxes.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import type { Secrets } from './open-secrets.ts';

export interface SharedParts {
  database: Database;
  store: ArtifactStore;
  log: ActivityLog;
  /** Every setting of this process that is about kinds, by its variable; a kind reads its own. */
  settings: Readonly<Record<string, unknown>>;
  /** Fills `{secret:NAME}` in an option just before it is used. */
  secrets: Secrets;
}

/** What the kinds' activities on the compute queue are made of. */
export interface ComputeParts extends SharedParts {
  /** The child processes of each sandbox. A kind uses those of its `tasks`. */
  pools: Pools;
  fetchOriginal: FetchOriginal;
  bucket: string;
  /** A folder of this worker alone, for files that last no longer than an activity. */
  scratch: string;
  segmentFrames: number;
  /** Activities of the compute queue that this worker does at once. */
  concurrency: number;
  limits: { durationSeconds: number; pixels: number; imagePixels: number };
  softwareVersion: string;
}

/** What the kinds' activities on the live queue are made of. */
export interface LiveParts extends SharedParts {
  /** Live sources that this worker reads at once. */
  slots: number;
  /** The child processes of the live queue. A kind uses those of its `tasks`. */
  pools: Pools;
  /** A folder of this worker alone, for files that last no longer than an activity. */
  scratch: string;
  limits: { pixels: number };
  softwareVersion: string;
}

// biome-ignore lint/suspicious/noExplicitAny: each activity has its own arguments; the worker takes them all.
export type Activities = Record<string, (...args: any[]) => Promise<unknown>>;

/** What a kind may look for before the worker begins anything. */
export interface StartSettings {
  /** The folder of the model files. */
  modelsFolder: string;
  /** Every setting of this process that is about kinds, by its variable. */
  settings: SharedParts['settings'];
}

/** A kind's part of the compute queue, with what it needs at hand. */
export interface ComputePart {
  /** For the `prepare` of the kind's task module, in each child process that imports it. */
  prepare?: unknown;
  activities(parts: ComputeParts): Activities;
}

/** A kind's part of the live queue, with what it needs at hand. */
export interface LivePart {
  activities(parts: LiveParts): Activities;
}

/** What a kind brings to a worker; the names of its activities are its own. */
export interface KindAtWork {
  records(parts: SharedParts): KindRecords;
  /** On the main queue, beside those that all kinds share: light I/O. */
  main?(parts: SharedParts): Activities;
  /** The module of what child processes do for it, if any, and the sandbox they are in. */
  tasks?: { sandbox: Sandbox; module: URL };
  /**
   * On the compute queue: what takes a core or much memory. It is called before the worker begins anything.
   * @throws Error when what the kind needs, such as a model, is not there
   */
  compute?(settings: StartSettings): Promise<ComputePart>;
  /**
   * On the live queue: what lasts as long as its source does. It is called before the worker begins anything.
   * @throws Error when what the kind needs, such as a model, is not there
   */
  live?(settings: StartSettings): Promise<LivePart>;
  /** For a kind of which a job can be asked for before those of other kinds. */
  precedes?: {
    isWanted(before: { kind: string; settings: SharedParts['settings'] }): boolean;
    /** What an ended job of this kind means for the one that waits for it. */
    judge(job: Job, settings: SharedParts['settings']): Judgement;
  };
  /** Workflows of its own that run by a schedule, on the main queue. */
  schedules?(settings: SharedParts['settings']): readonly ScheduleSpec[];
}

/** By the kind's word. */
export type KindsAtWork = Readonly<Record<string, KindAtWork>>;
