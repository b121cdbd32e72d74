import type { ActivityLog } from '../../activities/activity-log.ts';
import type { KindRecords } from '../../activities/kind-records.ts';
import type { FetchOriginal } from '../../activities/originals/fetch-original.ts';
import type { Database } from '../../database/database.ts';
import type { Pools, Sandbox } from '../../media/sandboxes.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

export interface SharedParts {
  database: Database;
  store: ArtifactStore;
  log: ActivityLog;
}

/** What the kinds' activities on the vision queue are made of. */
export interface SharedVisionParts extends SharedParts {
  /** The child processes of each sandbox. A kind uses those of its `tasks`. */
  pools: Pools;
  fetchOriginal: FetchOriginal;
  bucket: string;
  segmentFrames: number;
  /** Activities of the vision queue that this worker does at once. */
  concurrency: number;
  limits: { durationSeconds: number; pixels: number; imagePixels: number };
  softwareVersion: string;
}

// biome-ignore lint/suspicious/noExplicitAny: each activity has its own arguments; the worker takes them all.
export type Activities = Record<string, (...args: any[]) => Promise<unknown>>;

/** A kind's part of the vision queue, with what it needs at hand. */
export interface VisionPart {
  /** For the `prepare` of the kind's task module, in each child process that imports it. */
  prepare?: unknown;
  activities(parts: SharedVisionParts): Activities;
}

/** What a kind brings to a worker; the names of its activities are its own. */
export interface KindAtWork {
  records(parts: SharedParts): KindRecords;
  /** On the main queue, beside those that all kinds share: light I/O. */
  main?(parts: SharedParts): Activities;
  /** The module of what child processes do for it, if any, and the sandbox they are in. */
  tasks?: { sandbox: Sandbox; module: URL };
  /**
   * On the vision queue: what takes a core or much memory. It is called before the worker begins anything.
   * @throws Error when what the kind needs, such as a model, is not there
   */
  vision?(settings: { modelsFolder: string }): Promise<VisionPart>;
}
