import type { Picture } from '../video/picture.ts';
import { CenterNet, DETECTIONS } from './center-net.ts';
import { type CocoClass, cocoClasses } from './coco-classes.ts';
import type { OnnxModel } from './graph/onnx-format.ts';
import { takeAnyShape } from './graph/take-any-shape.ts';
import type { ModelFile } from './load-model.ts';

export interface FoundObject {
  label: CocoClass;
  /** 0–1, 4 decimals. */
  confidence: number;
  /** In fractions of the picture as it is shown, 0–1, 4 decimals. */
  box: { x: number; y: number; width: number; height: number };
}

/** Lets a detector with all its classes take pictures of any shape. @returns see `takeAnyShape` */
export function prepareObjectDetector(model: OnnxModel): number | null {
  const side = takeAnyShape(model);
  // The others' shapes are written down in the file and would no longer hold.
  if (side !== null) model.graph.output = model.graph.output.filter(({ name }) => name === DETECTIONS);
  return side;
}

/** Finds things of all the classes of COCO. */
export class ObjectDetector {
  readonly #net: CenterNet;

  private constructor(net: CenterNet) {
    this.#net = net;
  }

  /** @throws ModelUnusable */
  static async load(file: ModelFile, threads: number): Promise<ObjectDetector> {
    return new ObjectDetector(await CenterNet.load(file, threads, prepareObjectDetector));
  }

  /**
   * What is in the picture at or above `minScore`, most confident first; one thing may appear more than once.
   * @param part in fractions of the picture: to be looked at, and what is around it; null: the whole
   */
  async detect(
    picture: Picture,
    minScore: number,
    part: FoundObject['box'] | null = null,
  ): Promise<FoundObject[]> {
    const { width, height } = picture.geometry;
    const region = part
      ? { x: part.x * width, y: part.y * height, width: part.width * width, height: part.height * height }
      : undefined;
    const found = await this.#net.detect(picture, minScore, region);
    return found.flatMap(({ box, score, kind }) => {
      const label = cocoClasses[kind];
      if (label === undefined) return [];
      const [x, y] = [share(box.x, width), share(box.y, height)];
      const [wide, high] = [share(box.width, width), share(box.height, height)];
      // Rounded sums may reach beyond the edge.
      const inside = { x, y, width: Math.min(wide, rounded(1 - x)), height: Math.min(high, rounded(1 - y)) };
      return [{ label, confidence: score, box: inside }];
    });
  }
}

function share(pixels: number, length: number): number {
  return rounded(Math.min(1, pixels / length));
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
