import type { KindView } from '../cli/kind-view.ts';
import { cameraView } from './camera/cli/view.ts';
import { measurementView } from './measurement/cli/view.ts';
import { mriView } from './mri/cli/view.ts';
import { scanView } from './scan/cli/view.ts';
import { techniqueView } from './technique/cli/view.ts';

/** By the kind's word. A kind that has none is printed as JSON. */
export const kindViews: Readonly<Record<string, KindView>> = {
  technique: techniqueView,
  measurement: measurementView,
  scan: scanView,
  camera: cameraView,
  mri: mriView,
};
