import type { Box, Detection } from '../analysis/technique/look.ts';
import { describeAppearance } from '../analysis/technique/tracking/appearance.ts';
import { type Body, bodyOf } from '../analysis/technique/tracking/body.ts';
import { cropAround, type Square, squareAround } from '../analysis/technique/tracking/crop-region.ts';
import { byProminence, withoutRepeats } from '../analysis/technique/tracking/person-choice.ts';
import type { PersonDetector } from '../media/models/person-detector.ts';
import type { PoseModel } from '../media/models/pose-model.ts';
import type { Picture } from '../media/video/picture.ts';

/** A pose that is a person, with all that tells one from another. */
export interface Sighting {
  keypoints: number[];
  body: Body;
  appearance: number[];
}

/** Detections of walkers-by start at 0.3; a person upside down in the air scores 0.15. */
const WORTH_NAMING = 0.3;
const WORTH_A_LOOK = 0.15;
/** People a frame whose appearance is described; a pose each. */
const MAX_DESCRIBED = 4;

/** The two models, put to use on pictures. */
export class Eyes {
  readonly #pose: PoseModel;
  readonly #detector: PersonDetector;

  constructor(pose: PoseModel, detector: PersonDetector) {
    this.#pose = pose;
    this.#detector = detector;
  }

  /** Everyone who might be there, most confident first. */
  async candidates(picture: Picture): Promise<Detection[]> {
    return withoutRepeats(await this.#detector.detect(picture, WORTH_A_LOOK));
  }

  /** Everyone who is clearly there, by prominence, the first few with their appearance. */
  async people(picture: Picture, candidates?: Detection[]): Promise<Detection[]> {
    const { width, height } = picture.geometry;
    const clear = (candidates ?? (await this.candidates(picture))).filter(
      ({ score }) => score >= WORTH_NAMING,
    );
    const people: Detection[] = [];
    for (const [rank, person] of byProminence(clear, width, height).entries()) {
      const seen = rank < MAX_DESCRIBED ? await this.inBox(picture, person.box) : null;
      people.push(seen ? { ...person, appearance: seen.appearance } : person);
    }
    return people;
  }

  /** The person in the middle of a square; null when no one is clearly there. */
  async inSquare(picture: Picture, square: Square): Promise<Sighting | null> {
    const { keypoints, inCrop, rgb, side } = await this.#pose.estimate(picture, square);
    const body = bodyOf(keypoints);
    return body && { keypoints, body, appearance: describeAppearance(rgb, side, inCrop) };
  }

  /** The person in a detector's box: once around the box, then once more around the pose found there. */
  async inBox(picture: Picture, box: Box): Promise<Sighting | null> {
    const { width, height } = picture.geometry;
    const rough = await this.inSquare(picture, squareAround(box));
    const square = rough && cropAround(rough.keypoints, width, height);
    return (square && (await this.inSquare(picture, square))) ?? rough;
  }
}
