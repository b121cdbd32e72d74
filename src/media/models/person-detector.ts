import type { Picture } from '../video/picture.ts';
import { CenterNet, DETECTIONS, type Detection } from './center-net.ts';
import { keepFirstClass } from './graph/keep-first-class.ts';
import type { OnnxModel } from './graph/onnx-format.ts';
import { takeAnyShape } from './graph/take-any-shape.ts';
import type { ModelFile } from './load-model.ts';

const PERSON = 0;

export type FoundPerson = Omit<Detection, 'kind'>;

/** Rewrites a detector so that it looks for people only, in pictures of any shape. @returns see `takeAnyShape` */
export function prepareDetector(model: OnnxModel): number | null {
  keepFirstClass(model, DETECTIONS);
  return takeAnyShape(model);
}

/** Finds people, and computes nothing for any other class. */
export class PersonDetector {
  readonly #net: CenterNet;

  private constructor(net: CenterNet) {
    this.#net = net;
  }

  /** @throws ModelUnusable */
  static async load(file: ModelFile, threads: number): Promise<PersonDetector> {
    return new PersonDetector(await CenterNet.load(file, threads, prepareDetector));
  }

  /** People at or above `minScore`, most confident first; one person may appear more than once. */
  async detect(picture: Picture, minScore: number): Promise<FoundPerson[]> {
    const found = await this.#net.detect(picture, minScore);
    return found.filter(({ kind }) => kind === PERSON).map(({ box, score }) => ({ box, score }));
  }
}
