import { type MeasurementOptions, measurementOptions } from '../../../src/domain/kinds/measurement.ts';
import { measurePicture } from '../../../src/kinds/measurement/analysis/measure-picture.ts';
import { greyOf, type Raster } from '../../../src/kinds/measurement/analysis/raster.ts';
import { findMarkers } from '../../../src/kinds/measurement/child/find-markers.ts';
import type { MeasureOutcome } from '../../../src/kinds/measurement/outcome.ts';
import { loadOpenCv } from '../../../src/media/image/opencv.ts';

/** As the task `measure` does it, without a file. */
export async function measureRaster(
  picture: Raster,
  wanted: Partial<MeasurementOptions> = {},
): Promise<MeasureOutcome> {
  const options = measurementOptions.parse(wanted);
  const { cv } = await loadOpenCv();
  const markers =
    options.reference.kind === 'aruco'
      ? findMarkers(cv, { ...picture, data: greyOf(picture) }, options.reference.dictionary)
      : [];
  return measurePicture({ picture, full: picture, markers }, options);
}
