import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Picture } from '../video/picture.ts';
import { computeWhereRead } from './graph/compute-where-read.ts';
import { keepAxesApart } from './graph/keep-axes-apart.ts';
import type { OnnxModel } from './graph/onnx-format.ts';
import { takeOutScaling } from './graph/take-out-scaling.ts';
import { loadModel, type ModelFile, unusable } from './load-model.ts';
import { PictureInput, sideOf } from './picture-input.ts';

const JOINTS = 17;
/** y, x (0–1 of the square) and score of each joint. */
const OUTPUT = [1, 1, JOINTS, 3];

export interface PoseEstimate {
  /** x, y (display pixels, 2 decimals), score (0–1, 4 decimals) × 17, COCO order. */
  keypoints: number[];
  /** The same in pixels of `rgb`. */
  inCrop: number[];
  /** What the model saw, `side`×`side`×3, 0–255; overwritten by the next estimate. */
  rgb: Uint8ClampedArray;
  side: number;
}

/**
 * Rewrites a pose model so that it does less for the same answer.
 * @returns see `takeOutScaling`
 */
export function preparePose(model: OnnxModel): Float32Array | null {
  computeWhereRead(model);
  keepAxesApart(model);
  return takeOutScaling(model);
}

/** Any single-pose model with MoveNet's input (int32 or float32 [1,S,S,3], RGB) and output ([1,1,17,3] y, x, score). */
export class PoseModel {
  readonly #session: InferenceSession;
  readonly #input: PictureInput;

  private constructor(session: InferenceSession, input: PictureInput) {
    this.#session = session;
    this.#input = input;
  }

  /** @throws ModelUnusable */
  static async load(file: ModelFile, threads: number): Promise<PoseModel> {
    const { session, prepared } = await loadModel(file, threads, preparePose);
    const side = sideOf(file.path, session);
    const [output] = session.outputMetadata;
    if (!output?.isTensor || output.type !== 'float32' || output.shape.join() !== OUTPUT.join()) {
      throw unusable(file.path, `it does not give float32 [${OUTPUT}], the pose of one person`);
    }
    return new PoseModel(session, new PictureInput(session, { width: side, height: side }, prepared));
  }

  /** The pose of the person nearest to the middle of the square; there is always an answer, sure or not. */
  async estimate(picture: Picture, square: { x: number; y: number; side: number }): Promise<PoseEstimate> {
    const { name, width: side, rgb } = this.#input;
    const shown = this.#input.show(picture, {
      x: square.x,
      y: square.y,
      width: square.side,
      height: square.side,
    });
    const output = this.#session.outputNames[0] as string;
    const results = await this.#session.run({ [name]: shown }, [output]);
    const found = (results[output] as Tensor).data as Float32Array;
    const keypoints = new Array<number>(JOINTS * 3);
    const inCrop = new Array<number>(JOINTS * 3);
    for (let joint = 0; joint < JOINTS; joint++) {
      const [y, x, score] = [found[joint * 3], found[joint * 3 + 1], found[joint * 3 + 2]] as [
        number,
        number,
        number,
      ];
      const rounded = Math.round(score * 1e4) / 1e4;
      keypoints[joint * 3] = Math.round((square.x + x * square.side) * 100) / 100;
      keypoints[joint * 3 + 1] = Math.round((square.y + y * square.side) * 100) / 100;
      keypoints[joint * 3 + 2] = rounded;
      inCrop[joint * 3] = x * side;
      inCrop[joint * 3 + 1] = y * side;
      inCrop[joint * 3 + 2] = rounded;
    }
    return { keypoints, inCrop, rgb, side };
  }
}
