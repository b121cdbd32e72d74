import { measurePicture } from '../../../src/analysis/measurement/measure-picture.ts';
import { greyOf, type Raster } from '../../../src/analysis/measurement/raster.ts';
import { type MeasurementOptions, measurementOptions } from '../../../src/domain/kinds/measurement.ts';
import type { MeasureOutcome } from '../../../src/domain/measurement.ts';
import { findMarkers } from '../../../src/media/image/find-markers.ts';
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
