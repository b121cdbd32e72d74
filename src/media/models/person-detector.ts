import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Picture } from '../video/picture.ts';
import { keepFirstClass } from './graph/keep-first-class.ts';
import { loadModel, type ModelFile, unusable } from './load-model.ts';
import { PictureInput } from './picture-input.ts';

const OUTPUT = 'tower_0/detections';
const ROW = 6;
const PERSON = 0;

export interface FoundPerson {
  /** Display pixels, 2 decimals, cut at the frame's edge. */
  box: { x: number; y: number; width: number; height: number };
  /** 0–1, 4 decimals. */
  score: number;
}

/**
 * CenterNet over COCO. The frame is letterboxed, not stretched: on the samples a standing person then scores
 * 0.7 instead of 0.3, since the model learned people of human proportions.
 */
export class PersonDetector {
  readonly #session: InferenceSession;
  readonly #input: PictureInput;

  private constructor(session: InferenceSession, input: PictureInput) {
    this.#session = session;
    this.#input = input;
  }

  /** @throws ModelUnusable */
  static async load(file: ModelFile, threads: number): Promise<PersonDetector> {
    const { session } = await loadModel(file, threads, (model) => keepFirstClass(model, OUTPUT));
    if (!session.outputNames.includes(OUTPUT)) {
      throw unusable(file.path, `it does not give ${OUTPUT}`);
    }
    return new PersonDetector(session, new PictureInput(file.path, session, null));
  }

  /** People at or above `minScore`, most confident first; one person may appear more than once. */
  async detect(picture: Picture, minScore: number): Promise<FoundPerson[]> {
    const { width, height } = picture.geometry;
    const { name, side } = this.#input;
    const reach = Math.max(width, height);
    const [left, top] = [(width - reach) / 2, (height - reach) / 2];
    const shown = this.#input.show(picture, { x: left, y: top, width: reach, height: reach });
    const results = await this.#session.run({ [name]: shown }, [OUTPUT]);
    const rows = (results[OUTPUT] as Tensor).data as Float32Array;
    const scale = reach / side;
    const found: FoundPerson[] = [];
    for (let at = 0; at + ROW <= rows.length; at += ROW) {
      const [x1, y1, x2, y2, score, kind] = rows.subarray(at, at + ROW) as unknown as number[] as [
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      if (kind !== PERSON || score < minScore) continue;
      const x = cut(left + x1 * scale, width);
      const y = cut(top + y1 * scale, height);
      const box = {
        x,
        y,
        width: cent(cut(left + x2 * scale, width) - x),
        height: cent(cut(top + y2 * scale, height) - y),
      };
      if (box.width > 1 && box.height > 1) found.push({ box, score: Math.round(score * 1e4) / 1e4 });
    }
    return found.sort((a, b) => b.score - a.score);
  }
}

function cut(value: number, length: number): number {
  return cent(Math.min(Math.max(value, 0), length));
}

function cent(value: number): number {
  return Math.round(value * 100) / 100;
}
