import type { CameraEvent, TimeSource } from '../events/event.ts';

/** What a result tells at most; the API has all events. */
export const mostInResult = { events: 1000, bytes: 768 * 1024 };

/** What was seen in a recording: the same recording, watched the same way, gives the same. */
export interface SeenRecording {
  camera_id: string;
  /** When the recording began, ISO 8601 in UTC, and how that is known. */
  started_at: string;
  time_source: TimeSource;
  /** The camera's. */
  time_zone: string;
  /** Seconds from the first frame to the last. */
  duration_s: number;
  frames: number;
  /** Frames that were damaged. */
  corrupt_frames: number;
  /** How often the light was switched or the picture changed as a whole. */
  scene_changes: number;
  events_found: number;
  /** The version of zones and masks that it was watched by. */
  camera_version: number;
}

interface Watched extends SeenRecording {
  /** Of the events that were found, those that an earlier job had stored. */
  events_stored_before: number;
  /** Events beyond those that are listed: a result has 1,000 at most, and fewer where they are long. */
  events_left_out: number;
}

/** What a job that watched a recording came to, as its row holds it: events can be changed and deleted by themselves. */
export interface StoredResult extends Watched {
  event_ids: string[];
}

/** The same as it is told: with those of its events that are still there. */
export interface CameraResult extends Watched {
  events: CameraEvent[];
}
