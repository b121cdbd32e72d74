import type { WatchChange, WatchedEvent } from '../analysis/watch.ts';
import type { TimeSource } from '../events/event.ts';

/** An event of a live source, with what its times mean on the clock of the world. */
export interface LiveEvent {
  /** The same in all that is told of the event, and no other event's of the job. */
  key: string;
  /** Key of the event that this one continues. */
  continues: string | null;
  /** ISO 8601; stays as it was when the event opened. */
  started_at: string;
  /** ISO 8601; when the last of it was seen. */
  last_seen_at: string;
  /** `stream`: the camera's clock says when it was; `arrival`: ours, when the picture came. */
  time_source: Extract<TimeSource, 'stream' | 'arrival'>;
  /**
   * What the event's id derives from, with `media_start_s`: the programme time or the SHA-256 of the HLS segment in which it
   * began, so that a segment which is read again gives the same id; of RTSP, the beginning of the connection.
   */
  source: string;
  /** Start of the event in seconds of `source`. */
  media_start_s: number;
  watched: WatchedEvent;
}

/** Files that were written beside an event. They are there until the change has been taken. */
export interface LiveClip {
  /** An MP4 of its own. */
  path: string;
  /** Where in it the event begins and ends, seconds. */
  from_s: number;
  to_s: number;
}

export type LiveEventChange =
  | { change: 'opened' | 'updated'; event: LiveEvent; picture: string | null }
  | {
      change: 'closed';
      event: LiveEvent;
      /** ISO 8601. */
      ended_at: string;
      reason: Extract<WatchChange, { change: 'closed' }>['reason'];
      picture: string | null;
      /** Null where there is none; `no_clip` says why. */
      clip: LiveClip | null;
      no_clip: string | null;
    };

/** Where in an HLS playlist the reader is; opaque to everybody else, and JSON. */
export interface LivePosition {
  sequence: number;
  /** SHA-256 of the segment's address without its query. */
  segment: string;
}

/** What comes of watching a live source, in the order in which it happened. */
export type LiveChange =
  | LiveEventChange
  | { change: 'state'; state: 'reading'; since: string }
  /** `why` is a sentence for the camera's owner, without any address. */
  | { change: 'state'; state: 'offline'; since: string; why: string }
  /** For the next reader of this source, which goes on after it. */
  | { change: 'position'; position: LivePosition };
