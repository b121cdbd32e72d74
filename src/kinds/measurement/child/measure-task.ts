import type { MeasurementOptions } from '../../../domain/kinds/measurement.ts';
import type { PreviewPicture } from '../../../media/image/preview-picture.ts';
import type { Previous } from '../analysis/correct-outcome.ts';
import type { Correction, MeasureOutcome } from '../outcome.ts';

export interface MeasureTask {
  task: 'measure';
  path: string;
  fileName: string;
  options: MeasurementOptions;
  /** Width × height of the stored image. */
  limits: { pixels: number };
  /** What a person put right, and the outcome it is about. */
  correction?: Correction;
  previous?: Previous;
}

export interface MeasureResult {
  outcome: MeasureOutcome;
  /** JPEG: the picture with reference, outlines and dimensions. */
  annotated: Uint8Array;
  /** JPEG: the plane seen from straight above; null without a scale, or where it is too long to show. */
  rectified: Uint8Array | null;
  /** For a person to draw on; null where nobody is asked for the first time. */
  preview: PreviewPicture | null;
}
