import type { Polygon } from '../events/camera.ts';
import type { Box, DetectedObject } from '../events/event.ts';

/** The luma of a picture, scaled down for the analysis: about 384 pixels wide, one byte a pixel, no padding. */
export interface GreyFrame {
  width: number;
  height: number;
  data: Uint8Array;
}

export interface WatchSettings {
  /** Where changes are no motion. */
  motionMasks: readonly Polygon[];
  /** Seconds after which an event is closed and continued by another; 600. */
  maxDuration: number;
}

/** What is known of an event so far. Times are seconds of the video's own. */
export interface WatchedEvent {
  start_s: number;
  /** When the last of it was seen. */
  last_s: number;
  /** 0–1. */
  motion_confidence: number;
  /** Where it moved, all frames together. */
  motion_box: Box;
  /** What the object model saw in the frames that it was shown: for each thing, the most confident look. */
  detected_objects: DetectedObject[];
  /** Time of the frame that shows it best, the one for the picture; inside the event. */
  picture_s: number;
  /** Start of the event that this one continues. */
  continues_s: number | null;
  /** Numbers of the measurement, for the event's log. */
  log: Record<string, unknown>;
}

export type WatchChange =
  | { change: 'opened'; event: WatchedEvent }
  /** It goes on, and more is known of it. */
  | { change: 'updated'; event: WatchedEvent }
  | {
      change: 'closed';
      event: WatchedEvent;
      end_s: number;
      reason: 'ended' | 'max_duration' | 'end_of_recording' | 'signal_lost' | 'stopped';
    };

export interface WatchStep {
  changes: WatchChange[];
  /** The object model is to be shown this very frame, and `answer` called before the next `push`. */
  wantsObjects: boolean;
  /** Where it is to look, where a part of the picture is enough: smaller things are seen in it, in less time. Null: the whole. */
  lookAt: Box | null;
  /** Counted, no event: the light was switched, or the picture was changed as a whole. */
  sceneChange: boolean;
}

/** After an answer. */
export interface AnswerStep {
  changes: WatchChange[];
  /** The frame shows the open event better than any before it: its picture is to be kept. */
  isPicture: boolean;
}

/** One camera, watched frame by frame. The same frames give the same changes, however often it was saved and restored. */
export interface Watcher {
  /**
   * @param time_s seconds of the video's own; a frame that is not later than the one before is passed over
   */
  push(frame: GreyFrame, time_s: number): WatchStep;
  /** What the object model sees in the frame of the last `push`. */
  answer(objects: readonly DetectedObject[]): AnswerStep;
  /** Nothing more comes: an open event is closed with the last time that something was seen of it. */
  end(reason: 'end_of_recording' | 'signal_lost' | 'stopped'): WatchChange[];
  /** Everything that a later `restoreWatcher` needs to go on, as bytes of bounded size. */
  save(): Uint8Array;
  readonly sceneChanges: number;
  readonly openEvent: WatchedEvent | null;
}
