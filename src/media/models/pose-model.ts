import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { Picture } from '../video/picture.ts';
import { sampleRegion } from '../video/sample-region.ts';
import { loadModel, type ModelFile } from './load-model.ts';
import { takeOutScaling } from './take-out-scaling.ts';

const JOINTS = 17;

export interface PoseEstimate {
  /** x, y (display pixels, 2 decimals), score (0–1, 4 decimals) × 17, COCO order. */
  keypoints: number[];
  /** The same in pixels of `rgb`. */
  inCrop: number[];
  /** What the model saw, `side`×`side`×3, 0–255; overwritten by the next estimate. */
  rgb: Int32Array;
  side: number;
}

/** Any single-pose model with MoveNet's input (int32 or float32 [1,S,S,3], RGB) and output ([1,1,17,3] y, x, score). */
export class PoseModel {
  readonly #session: InferenceSession;
  readonly #side: number;
  readonly #rgb: Int32Array;
  readonly #input: Tensor;
  /** What the model takes for each colour value, where that is not the value itself; see `takeOutScaling`. */
  readonly #scaled: Float32Array | null;

  private constructor(
    session: InferenceSession,
    side: number,
    type: 'int32' | 'float32',
    scaled: Float32Array | null,
  ) {
    this.#session = session;
    this.#side = side;
    this.#rgb = new Int32Array(side * side * 3);
    const pixels = type === 'int32' ? this.#rgb : new Float32Array(this.#rgb.length);
    this.#input = new Tensor(type, pixels, [1, side, side, 3]);
    this.#scaled = scaled;
  }

  static async load(file: ModelFile, threads: number): Promise<PoseModel> {
    let scaled: Float32Array | null = null;
    const session = await loadModel(file, threads, (bytes) => {
      const unscaled = takeOutScaling(bytes);
      scaled = unscaled?.scaled ?? null;
      return unscaled?.model ?? bytes;
    });
    const [input] = session.inputMetadata;
    if (!input?.isTensor || (input.type !== 'int32' && input.type !== 'float32')) {
      throw new Error(`The pose model ${file.path} does not take int32 or float32 pixels.`);
    }
    const side = input.shape[1];
    if (
      input.shape.length !== 4 ||
      typeof side !== 'number' ||
      side !== input.shape[2] ||
      input.shape[3] !== 3
    ) {
      throw new Error(`The pose model ${file.path} takes ${input.shape}, not a square [1, S, S, 3].`);
    }
    return new PoseModel(session, side, input.type, scaled);
  }

  /** The pose of the person nearest to the middle of the square; there is always an answer, sure or not. */
  async estimate(picture: Picture, square: { x: number; y: number; side: number }): Promise<PoseEstimate> {
    const side = this.#side;
    const region = { x: square.x, y: square.y, width: square.side, height: square.side };
    sampleRegion(picture, region, side, side, this.#rgb);
    const [input, output] = [this.#session.inputNames[0] as string, this.#session.outputNames[0] as string];
    if (this.#input.type === 'float32') this.#scale(this.#input.data as Float32Array);
    const results = await this.#session.run({ [input]: this.#input }, [output]);
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
    return { keypoints, inCrop, rgb: this.#rgb, side };
  }

  #scale(pixels: Float32Array): void {
    const rgb = this.#rgb;
    const table = this.#scaled;
    if (!table) {
      pixels.set(rgb);
      return;
    }
    for (let at = 0; at < rgb.length; at += 3) {
      pixels[at] = table[rgb[at] as number] as number;
      pixels[at + 1] = table[256 + (rgb[at + 1] as number)] as number;
      pixels[at + 2] = table[512 + (rgb[at + 2] as number)] as number;
    }
  }
}
