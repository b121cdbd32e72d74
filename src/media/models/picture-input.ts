import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { Picture } from '../video/picture.ts';
import { type Region, sampleRegion } from '../video/sample-region.ts';
import { unusable } from './load-model.ts';

const CHANNELS = 3;
const LEVELS = 256;

/** The input of a model that takes one square RGB picture, channels last. */
export class PictureInput {
  readonly name: string;
  /** Of the square, in pixels. */
  readonly side: number;
  /** What the model was shown last, `side`×`side`×3, 0–255. */
  readonly rgb: Uint8ClampedArray;
  readonly #tensor: Tensor;
  readonly #pixels: Float32Array | Int32Array;
  readonly #levels: Float32Array | null;

  /**
   * @param levels what the model takes for the values 0–255 of each channel, red first: 3×256; null: the values themselves
   * @param path of the model, for whoever reads the error
   * @throws ModelUnusable when the model takes anything else
   */
  constructor(path: string, session: InferenceSession, levels: Float32Array | null) {
    const [input] = session.inputMetadata;
    if (!input?.isTensor || (input.type !== 'int32' && input.type !== 'float32')) {
      throw unusable(path, 'it does not take int32 or float32 pixels');
    }
    const side = input.shape[1];
    const shape = [1, side, side, CHANNELS];
    if (typeof side !== 'number' || input.shape.join() !== shape.join()) {
      throw unusable(path, `it takes [${input.shape}], not a square picture [1, S, S, 3]`);
    }
    this.name = input.name;
    this.side = side;
    this.rgb = new Uint8ClampedArray(side * side * CHANNELS);
    this.#pixels =
      input.type === 'int32' ? new Int32Array(this.rgb.length) : new Float32Array(this.rgb.length);
    this.#tensor = new Tensor(input.type, this.#pixels, shape as number[]);
    this.#levels = levels;
  }

  /** A region of a picture, cut out and scaled; overwritten by the next. */
  show(picture: Picture, region: Region): Tensor {
    const { rgb, side } = this;
    sampleRegion(picture, region, side, side, rgb);
    const pixels = this.#pixels;
    const levels = this.#levels;
    if (!levels) {
      pixels.set(rgb);
      return this.#tensor;
    }
    for (let at = 0; at < rgb.length; at += CHANNELS) {
      pixels[at] = levels[rgb[at] as number] as number;
      pixels[at + 1] = levels[LEVELS + (rgb[at + 1] as number)] as number;
      pixels[at + 2] = levels[2 * LEVELS + (rgb[at + 2] as number)] as number;
    }
    return this.#tensor;
  }
}
