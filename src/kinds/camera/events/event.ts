/** A box in fractions of the picture, 0–1, origin top left. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface DetectedObject {
  /** A class of COCO, such as `person`, or a box's own word. */
  label: string;
  /** 0–1. */
  confidence: number;
  box: Box;
}

/** How a wall-clock time is known. */
export const timeSources = ['recorded_at', 'creation_time', 'upload', 'stream', 'arrival', 'box'] as const;
export type TimeSource = (typeof timeSources)[number];

/**
 * Why an event ended: what moved is gone or at rest; it lasted too long and goes on in another; the recording ended; the
 * signal was lost; its job was stopped; or what a box said.
 */
export type EndReason =
  | 'ended'
  | 'max_duration'
  | 'end_of_recording'
  | 'signal_lost'
  | 'stopped'
  | (string & {});

/**
 * What happened in front of a camera, as the API writes it: its JSON has these fields and no others. Times are ISO 8601 in
 * UTC with milliseconds.
 */
export interface CameraEvent {
  event_id: string;
  /** Its start, as `started_at`. */
  timestamp: string;
  camera_id: string;
  /** 0–1: how sure it is that something moved; null where a box did not say. */
  motion_confidence: number | null;
  detected_objects: DetectedObject[];
  /** In plain words. */
  llm_description: string | null;
  /** S3 key of its picture; null until the picture is there, and where there is none. */
  image_path: string | null;
  /** S3 key of its log. */
  json_log_path: string | null;
  started_at: string;
  /** Null while it is open. */
  ended_at: string | null;
  /** Names of the camera's zones that its objects stood in. */
  zones: string[];
  /** The event that this one continues. */
  continues: string | null;
  end_reason: EndReason | null;
  time_source: TimeSource;
  /** Null for events of boxes that detect on their own. */
  job_id: string | null;
  reviewed_by: string | null;
  reviewed_at: string | null;
  /** Exempt from retention. */
  keep: boolean;
  false_positive: boolean;
  created_at: string;
  updated_at: string;
}

/** Where the video of an event lies, for its clip. */
export interface ClipSource {
  /** S3 key of a recording, or of a clip that was cut from a live source. */
  key: string;
  /** Seconds of that video's own time. */
  from_s: number;
  to_s: number;
}

/** An event as it is written; what is left out is as a new event has it. */
export type NewEvent = Pick<CameraEvent, 'event_id' | 'camera_id' | 'started_at' | 'time_source'> &
  Partial<Omit<CameraEvent, 'timestamp' | 'created_at' | 'updated_at'>> & {
    clip?: ClipSource | null;
    last_seen_at?: string | null;
    described_by?: 'machine' | 'model' | null;
  };

/** What an open event may learn while it lasts, and when it is closed. */
export type EventChanges = Partial<
  Pick<
    CameraEvent,
    | 'motion_confidence'
    | 'detected_objects'
    | 'llm_description'
    | 'image_path'
    | 'json_log_path'
    | 'zones'
    | 'ended_at'
    | 'end_reason'
  >
> & {
  clip?: ClipSource | null;
  /** Until when something was seen of it: its end, should its job never say another. */
  last_seen_at?: string | null;
  /** Of `llm_description`; a machine's unless told. */
  described_by?: 'machine' | 'model';
};
