import type { PersonDetector } from '../../../media/models/person-detector.ts';
import type { PoseModel } from '../../../media/models/pose-model.ts';
import type { Picture } from '../../../media/video/picture.ts';
import type { Box, Detection } from '../analysis/look.ts';
import { type Body, bodyOf } from '../analysis/tracking/body.ts';
import { cropAround, type Square, squareAround } from '../analysis/tracking/crop-region.ts';
import { describeAppearance } from '../analysis/tracking/describe-appearance.ts';
import { withoutRepeats } from '../analysis/tracking/person-choice.ts';

/** A pose that is a person, with all that tells one from another. */
export interface Sighting {
  keypoints: number[];
  body: Body;
  appearance: number[];
}

/** Detections of walkers-by start at 0.3; a person upside down in the air scores 0.15. */
const WORTH_A_LOOK = 0.15;

/** The two models, put to use on pictures; counts what they cost. */
export class Eyes {
  poseRuns = 0;
  detectorRuns = 0;
  readonly #pose: PoseModel;
  readonly #detector: PersonDetector;

  constructor(pose: PoseModel, detector: PersonDetector) {
    this.#pose = pose;
    this.#detector = detector;
  }

  /** Everyone who might be there, most confident first. */
  async candidates(picture: Picture): Promise<Detection[]> {
    this.detectorRuns++;
    return withoutRepeats(await this.#detector.detect(picture, WORTH_A_LOOK));
  }

  /** The person in the middle of a square; null when no one is clearly there. */
  async inSquare(picture: Picture, square: Square): Promise<Sighting | null> {
    this.poseRuns++;
    const { keypoints, inCrop, rgb, side } = await this.#pose.estimate(picture, square);
    const body = bodyOf(keypoints);
    return body && { keypoints, body, appearance: describeAppearance(rgb, side, inCrop) };
  }

  /** The person in a detector's box: enough to tell who it is. */
  inBox(picture: Picture, box: Box): Promise<Sighting | null> {
    return this.inSquare(picture, squareAround(box));
  }

  /** The same person once more, in the crop that following would use: the keypoints to keep. */
  async closer(picture: Picture, seen: Sighting): Promise<Sighting> {
    const { width, height } = picture.geometry;
    const square = cropAround(seen.keypoints, width, height);
    return (square && (await this.inSquare(picture, square))) ?? seen;
  }
}
