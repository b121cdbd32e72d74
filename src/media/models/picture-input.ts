import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { Picture } from '../video/picture.ts';
import { type Region, sampleRegion } from '../video/sample-region.ts';
import { unusable } from './load-model.ts';

const CHANNELS = 3;
const LEVELS = 256;

/**
 * The side of the square RGB pictures that a model takes, channels last, in pixels.
 * @param path of the model, for whoever reads the error
 * @param built the side it was built for, where it takes any height and width now
 * @throws ModelUnusable when the model takes anything else
 */
export function sideOf(
  path: string,
  { inputMetadata: [input] }: InferenceSession,
  built: number | null = null,
): number {
  if (!input?.isTensor || (input.type !== 'int32' && input.type !== 'float32')) {
    throw unusable(path, 'it does not take int32 or float32 pixels');
  }
  const [, height, width] = input.shape;
  const isOpen = typeof height === 'string' && typeof width === 'string';
  const isSquare = typeof height === 'number' && height === width;
  if (!(isOpen || isSquare) || input.shape.join() !== [1, height, width, CHANNELS].join()) {
    throw unusable(path, `it takes [${input.shape}], not a square picture [1, S, S, 3]`);
  }
  const side = isSquare ? height : built;
  if (side === null) throw unusable(path, 'the height and width of its pictures are open, not a number');
  return side;
}

/** The input of a model that takes one RGB picture, channels last; see `sideOf`. */
export class PictureInput {
  readonly name: string;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** What the model was shown last, `height`×`width`×3, 0–255. */
  readonly rgb: Uint8ClampedArray;
  readonly #tensor: Tensor;
  readonly #pixels: Float32Array | Int32Array;
  readonly #levels: Float32Array | null;

  /** @param levels what the model takes for the values 0–255 of each channel, red first: 3×256; null: the values themselves */
  constructor(
    { inputMetadata: [input], inputNames: [name] }: InferenceSession,
    { width, height }: { width: number; height: number },
    levels: Float32Array | null = null,
  ) {
    const isWhole = input?.isTensor && input.type === 'int32';
    this.name = name as string;
    this.width = width;
    this.height = height;
    this.rgb = new Uint8ClampedArray(height * width * CHANNELS);
    this.#pixels = isWhole ? new Int32Array(this.rgb.length) : new Float32Array(this.rgb.length);
    this.#tensor = new Tensor(isWhole ? 'int32' : 'float32', this.#pixels, [1, height, width, CHANNELS]);
    this.#levels = levels;
  }

  /** A region of a picture, cut out and scaled; overwritten by the next. */
  show(picture: Picture, region: Region): Tensor {
    const { rgb, width, height } = this;
    sampleRegion(picture, region, width, height, rgb);
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
