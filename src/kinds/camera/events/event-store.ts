import type { Camera, CameraChanges, StoredCamera } from './camera.ts';
import type { CameraEvent, ClipSource, EventChanges, NewEvent, TimeSource } from './event.ts';

/** An event with what is not part of its JSON. */
export interface StoredEvent extends CameraEvent {
  owner: string;
  clip: ClipSource | null;
  /** Until when something was seen of an event while it was open, in the time of its start. */
  last_seen_at: string | null;
  /** Whose words `llm_description` is; a person's are never overwritten. */
  described_by: 'machine' | 'model' | 'person' | null;
}

/** An event with its camera's `key`, under which its objects lie. */
export interface EventWithKey extends StoredEvent {
  camera_key: string;
}

/** Where a walk through the events of all users is. */
export type EventPlace = Pick<StoredEvent, 'owner' | 'event_id'>;

export interface BatchOutcome {
  inserted: number;
  duplicates: number;
  /** By the index in the batch. */
  failed: { index: number; reason: string }[];
}

export interface EventFilter {
  camera_id?: string;
  /** Started after; exclusive. */
  after?: Date;
  /** Started before; exclusive. */
  before?: Date;
  label?: string;
  zone?: string;
  /** Of `motion_confidence`; events that do not say are left out. */
  min_confidence?: number;
  /** Seconds; an open event has lasted until now. */
  min_duration?: number;
  reviewed?: boolean;
  ended?: boolean;
  /** Words that all occur in the description, a label, a zone or the camera's id; the same on both engines, without stemming. */
  q?: string;
}

export interface EventPage {
  items: StoredEvent[];
  next_cursor: string | null;
}

export interface SummaryRow {
  /** ISO 8601 with the offset of the camera's time zone, or of the one asked for: the hour that comes twice is two. */
  hour: string;
  camera_id: string;
  /** Null: events in which nothing was recognised. An event with several labels counts once for each. */
  label: string | null;
  events: number;
}

export interface PatchedByPerson {
  reviewed?: boolean;
  llm_description?: string | null;
  keep?: boolean;
  false_positive?: boolean;
}

/** A user's events and cameras: one user's never block or reveal another's. Every write is whole or nothing. */
export interface OwnersEvents {
  /**
   * @returns false when the id was there, whatever its other fields: nothing is changed, and a WARN line says so
   * @throws InvalidRequest for an event that cannot be kept; DatabaseWriteError, with nothing written, also while an event
   * of this id is being removed
   */
  insertEvent(event: NewEvent): Promise<boolean>;
  /**
   * All that are valid, in one transaction. Of two with one id the first wins; the others are duplicates.
   * @throws DatabaseWriteError, with nothing of the batch written
   */
  insertEvents(events: readonly unknown[]): Promise<BatchOutcome>;
  /**
   * Changes an event that is open, or was closed because its job was stopped, and is of this job; `ended_at` closes it.
   * Of one that is closed, only the picture, the log and the clip are written that it does not have.
   * @returns false when it is closed and whole, another job's, or not there: nothing is changed
   * @throws DatabaseWriteError
   */
  updateOpenEvent(eventId: string, jobId: string, changes: EventChanges): Promise<boolean>;
  /**
   * Makes an event this job's that was closed because another job was stopped.
   * @returns false when it is not such an event
   * @throws DatabaseWriteError
   */
  adoptStoppedEvent(eventId: string, jobId: string): Promise<boolean>;
  findEvent(eventId: string): Promise<StoredEvent | null>;
  /** Those that there are, in the order in which they are asked for. */
  findEvents(eventIds: readonly string[]): Promise<StoredEvent[]>;
  /** Newest first unless `order` is `asc`. @throws InvalidRequest for a cursor that no list gave out */
  listEvents(
    filter: EventFilter,
    page: { limit: number; cursor?: string; order?: 'asc' | 'desc' },
  ): Promise<EventPage>;
  /** Every event of the filter, oldest first, in bounded memory. */
  eachEvent(filter: EventFilter): AsyncIterable<StoredEvent>;
  /** Events that changed after a moment, in the order in which they did; for streams. */
  changedSince(moment: ChangePoint, limit: number): Promise<{ items: StoredEvent[]; next: ChangePoint }>;
  /** What `changedSince` is to be asked first by whoever wants only what comes. */
  now(): Promise<ChangePoint>;
  /** @throws InvalidRequest for one of more lines than an answer holds */
  summary(filter: EventFilter, timeZone: string | undefined): Promise<SummaryRow[]>;
  /**
   * @param ifUpdatedAt the `updated_at` that the person saw; absent: whatever it is
   * @returns null when there is no such event
   * @throws Conflict when it has changed since
   */
  patchEvent(
    eventId: string,
    changes: PatchedByPerson,
    by: string,
    ifUpdatedAt?: string,
  ): Promise<StoredEvent | null>;
  /**
   * Hides an event for good, whether it is kept or not. Its objects go next, then its row (`deleteEvents`); what stops in
   * between can be asked for again, and is finished by `removedEvents`. @returns null when there is none
   */
  beginRemoval(eventId: string): Promise<EventWithKey | null>;
  /** The same for so many events of a camera. @returns those that are being removed; when they are fewer, they are all */
  beginRemovalOfCamera(cameraId: string, limit: number): Promise<EventWithKey[]>;
  isBeingRemoved(eventId: string): Promise<boolean>;

  /** Creates it where it does not exist. */
  ensureCamera(cameraId: string): Promise<StoredCamera>;
  findCamera(cameraId: string): Promise<StoredCamera | null>;
  listCameras(): Promise<StoredCamera[]>;
  /** @throws Conflict when it exists; InvalidRequest for a zone or mask that cannot be */
  createCamera(cameraId: string, changes: CameraChanges): Promise<StoredCamera>;
  /** @throws Conflict when `version` is not the camera's; InvalidRequest */
  changeCamera(cameraId: string, changes: CameraChanges, version?: number): Promise<StoredCamera | null>;
  /** With its events, chunk by chunk: what is interrupted is to be called again. @returns false when there is none */
  deleteCamera(cameraId: string): Promise<boolean>;
  /** Since when it is away; null: it is read. */
  setOffline(cameraId: string, since: Date | null): Promise<void>;

  /**
   * When a recording, or a segment of a live source, began. Where its clock is unknown (`upload`, `arrival`), what was said
   * of it on this camera first counts whenever it comes again.
   */
  recordingStart(
    cameraId: string,
    sourceSha256: string,
    proposed: { at: Date; time_source: TimeSource },
  ): Promise<{ at: Date; time_source: TimeSource }>;
}

/** Opaque; JSON. */
export type ChangePoint = string;

/** The database of cameras and events: PostgreSQL, or SQLite on a camera box that stands alone. */
export interface EventStore {
  of(owner: string): OwnersEvents;
  /** Those of the keys that a row names as picture, log or clip, or that lie under a camera's prefix and are being written. */
  whichKeysAreClaimed(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** Events of a job, oldest first, in bounded memory. */
  eventsOfJob(owner: string, jobId: string): AsyncIterable<StoredEvent>;
  /** Open events of this many jobs at most, for closing those whose job has ended. */
  jobsWithOpenEvents(limit: number): Promise<{ owner: string; job_id: string }[]>;
  /** Closes what a job left open, with the last time that something was seen of it. @returns how many */
  closeEventsOfJob(owner: string, jobId: string, reason: string): Promise<number>;
  /**
   * Events that ended, and were stored, longer ago than their camera's retention, without `keep`; camera by camera, of each
   * what was stored first comes first. Those of jobs have ended; a box may never say that an event has.
   * @param exceptOf jobs whose events stay
   */
  expiredEvents(
    usualDays: number,
    now: Date,
    limit: number,
    exceptOf?: readonly string[],
  ): Promise<StoredEvent[]>;
  /** Hides those that nobody keeps meanwhile, see `beginRemoval`. @returns how many */
  beginRemovals(events: readonly EventPlace[]): Promise<number>;
  /** What is being removed: the longest first. */
  removedEvents(limit: number): Promise<EventWithKey[]>;
  /** Those that are being removed, in one transaction. @returns how many went */
  deleteEvents(events: readonly EventPlace[]): Promise<number>;
  /** Events that name objects and have not changed since, by owner and id. */
  eventsWithObjects(unchangedSince: Date, after: EventPlace | null, limit: number): Promise<EventWithKey[]>;
  /** Takes the keys of objects that are gone out of an event. @returns false when it has changed, and nothing of it did */
  forgetObjects(event: StoredEvent, gone: readonly string[]): Promise<boolean>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export type { Camera };
