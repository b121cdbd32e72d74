/**
 * Of how a look is come by: raised with every change after which the same frames may give other keypoints, so that
 * checkpoints from before it are not merged as if they were of now. Results tell it behind the version.
 */
export const lookRevision = 2;

/**
 * What one look at a stretch of video saw: made by a child process, carried as JSON, judged here.
 * All coordinates are display pixels (after rotation, square pixels), origin top left, y down.
 */

export interface Box {
  /** Left edge. */
  x: number;
  /** Top edge. */
  y: number;
  width: number;
  height: number;
}

/** A person the object model saw. */
export interface Detection {
  box: Box;
  /** 0–1. */
  score: number;
  /** Descriptor of how the person looks, comparable by `appearanceDistance`; absent where none was made. */
  appearance?: number[];
}

export interface LookFrame {
  /** Presentation time in seconds from the first frame of the video. */
  time_s: number;
  /** 51 numbers: x, y, score (0–1) for each keypoint in the order of `keypointNames`; null while the person is lost. */
  keypoints: number[] | null;
}

export interface Look {
  frames: LookFrame[];
  decoded_frames: number;
  corrupt_frames: number;
  /** Everyone in the first frame of the stretch. */
  people_first: Detection[];
  /** Around the followed person in the first frame and in the last; null where they are lost there. */
  followed_first: Box | null;
  followed_last: Box | null;
  /** How the followed person looks; empty when nobody was followed. */
  appearance: number[];
}
