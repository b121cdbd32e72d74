import type { ModelFile } from '../../../media/models/load-model.ts';
import { ObjectDetector } from '../../../media/models/object-detector.ts';
import type { Picture } from '../../../media/video/picture.ts';
import type { Box, DetectedObject } from '../events/event.ts';

/** Below this an object is not told of. */
const minConfidence = 0.3;

const loaded = new Map<string, Promise<ObjectDetector>>();

/** What is in a picture, or in a part of it, in fractions; null: the whole. */
export type DetectObjects = (picture: Picture, part: Box | null) => Promise<DetectedObject[]>;

/** The object model, loaded once a process, on one thread: the children are as many as the cores. @throws ModelUnusable */
export async function objectsIn(file: ModelFile): Promise<DetectObjects> {
  const key = `${file.sha256} ${file.path}`;
  let detector = loaded.get(key);
  if (!detector) {
    detector = ObjectDetector.load(file, 1);
    loaded.set(key, detector);
    // A failure is not remembered: the file may be put right while the process lives.
    detector.catch(() => loaded.delete(key));
  }
  const model = await detector;
  return (picture, part) => model.detect(picture, minConfidence, part);
}
