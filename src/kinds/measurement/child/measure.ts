import type { Report } from '../../../media/child/serve-tasks.ts';
import { openImage } from '../../../media/image/open-image.ts';
import { loadOpenCv } from '../../../media/image/opencv.ts';
import { previewPicture } from '../../../media/image/preview-picture.ts';
import { correctOutcome } from '../analysis/correct-outcome.ts';
import { measurePicture } from '../analysis/measure-picture.ts';
import { greyOf } from '../analysis/raster.ts';
import { findMarkers } from './find-markers.ts';
import { drawOutcome } from './measure-drawings.ts';
import type { MeasureResult, MeasureTask } from './measure-task.ts';

/**
 * Opens a photograph, finds the reference and the objects, measures and draws them.
 * @throws UnreadableMedia, TooLarge
 */
export async function measure(task: MeasureTask, report: Report<never>): Promise<MeasureResult> {
  const { path, fileName, options, limits } = task;
  const { full, ...picture } = await openImage(path, fileName, limits);
  report();
  const { reference } = options;
  let markers: ReturnType<typeof findMarkers> = [];
  if (reference.kind === 'aruco') {
    const { cv } = await loadOpenCv();
    markers = findMarkers(cv, { ...picture, data: greyOf(picture) }, reference.dictionary);
  }
  report();
  const photograph = { picture, full, markers };
  const { correction, previous } = task;
  const outcome =
    correction && previous
      ? correctOutcome(photograph, options, correction, previous)
      : measurePicture(photograph, options);
  report();
  const drawn = await drawOutcome(picture, outcome);
  const isAsked = outcome.reasons.length > 0 && !correction;
  return { outcome, ...drawn, preview: isAsked ? await previewPicture(picture) : null };
}
