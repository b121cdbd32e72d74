import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Picture } from '../video/picture.ts';
import type { Region } from '../video/sample-region.ts';
import type { OnnxModel } from './graph/onnx-format.ts';
import { loadModel, type ModelFile, unusable } from './load-model.ts';
import { PictureInput, sideOf } from './picture-input.ts';

/** The one output that is read: 100 rows of x1, y1, x2, y2, score and class. */
export const DETECTIONS = 'tower_0/detections';
const ROW = 6;

/** Heights and widths that the strides of the model divide. */
const STRIDE = 32;
/**
 * Black above and below a wide picture, and beside a high one, in pixels of the model's: it learned from squares that
 * have it. Without any, people on the samples score 0.05 less than in the whole square, at 16:9 with this 0.02 less.
 */
const MARGIN = 32;

/** Pixels of the model's that the longer side of a part of a picture is shown in, and display pixels for one of them, at least. */
const PART_SIDE = 352;
const FINEST = 0.5;

export interface Detection {
  /** Display pixels, 2 decimals, cut at the frame's edge. */
  box: { x: number; y: number; width: number; height: number };
  /** 0–1, 4 decimals. */
  score: number;
  /** Number of its class. */
  kind: number;
}

/**
 * CenterNet over COCO. The frame is letterboxed, not stretched: on the samples a standing person then scores
 * 0.7 instead of 0.3, since the model learned people of human proportions. Where the model takes any shape, most of the
 * letterbox is left out: nobody is in it, and 16:9 costs three quarters of the square. What stays stands at the same place of
 * the model's grid of 32 pixels as in the square.
 */
export class CenterNet {
  readonly #session: InferenceSession;
  /** The longer side of its pictures. */
  readonly #side: number;
  readonly #anyShape: boolean;
  #input: PictureInput;

  private constructor(session: InferenceSession, side: number, anyShape: boolean) {
    this.#session = session;
    this.#side = side;
    this.#anyShape = anyShape;
    this.#input = new PictureInput(session, { width: side, height: side });
  }

  /**
   * @param prepare changes the model before it is loaded; gives what `takeAnyShape` gives
   * @throws ModelUnusable
   */
  static async load(
    file: ModelFile,
    threads: number,
    prepare: (model: OnnxModel) => number | null,
  ): Promise<CenterNet> {
    const { session, prepared: built } = await loadModel(file, threads, prepare);
    const side = sideOf(file.path, session, built);
    if (!session.outputNames.includes(DETECTIONS)) {
      throw unusable(file.path, `it does not give ${DETECTIONS}`);
    }
    return new CenterNet(session, side, built !== null);
  }

  /**
   * What is in the picture at or above `minScore`, most confident first; one thing may appear more than once.
   * @param part in display pixels: what is to be looked at, and what is around it; enlarged where it is small
   */
  async detect(picture: Picture, minScore: number, part?: Region): Promise<Detection[]> {
    const { width, height } = picture.geometry;
    const whole = Math.max(width, height) / this.#side;
    const isPart = part !== undefined && this.#anyShape;
    const scale = isPart
      ? Math.min(whole, Math.max(FINEST, Math.max(part.width, part.height) / PART_SIDE))
      : whole;
    const input = isPart
      ? this.#inputOf(this.#lengthForPart(part.width / scale), this.#lengthForPart(part.height / scale))
      : this.#inputOf(this.#lengthFor(width / scale), this.#lengthFor(height / scale));
    const shownOf = { width: input.width * scale, height: input.height * scale };
    const middle = isPart
      ? { x: part.x + part.width / 2, y: part.y + part.height / 2 }
      : { x: width / 2, y: height / 2 };
    const [left, top] = [middle.x - shownOf.width / 2, middle.y - shownOf.height / 2];
    const shown = input.show(picture, { x: left, y: top, ...shownOf });
    const results = await this.#session.run({ [input.name]: shown }, [DETECTIONS]);
    const rows = (results[DETECTIONS] as Tensor).data as Float32Array;
    const found: Detection[] = [];
    for (let at = 0; at + ROW <= rows.length; at += ROW) {
      const [x1, y1, x2, y2, score, kind] = rows.subarray(at, at + ROW) as unknown as number[] as [
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      if (score < minScore) continue;
      const x = cut(left + x1 * scale, width);
      const y = cut(top + y1 * scale, height);
      const box = {
        x,
        y,
        width: cent(cut(left + x2 * scale, width) - x),
        height: cent(cut(top + y2 * scale, height) - y),
      };
      if (box.width > 1 && box.height > 1) found.push({ box, score: Math.round(score * 1e4) / 1e4, kind });
    }
    return found.sort((a, b) => b.score - a.score);
  }

  /** Pictures of a video, one after the other, are of one size. */
  #inputOf(width: number, height: number): PictureInput {
    if (width !== this.#input.width || height !== this.#input.height) {
      this.#input = new PictureInput(this.#session, { width, height });
    }
    return this.#input;
  }

  #lengthFor(length: number): number {
    if (!this.#anyShape) return this.#side;
    const spare = Math.floor((this.#side - length) / 2 - MARGIN);
    return this.#side - 2 * Math.max(0, Math.floor(spare / STRIDE) * STRIDE);
  }

  #lengthForPart(length: number): number {
    return Math.min(this.#side, Math.ceil(length / STRIDE) * STRIDE);
  }
}

function cut(value: number, length: number): number {
  return cent(Math.min(Math.max(value, 0), length));
}

function cent(value: number): number {
  return Math.round(value * 100) / 100;
}
