import type { VolumeFacts } from '../volume/volume.ts';
import type { ConfidenceSigns } from './confidence.ts';
import type { TissueSegmentation } from './tissue/segment-tissue.ts';

/** Fluid of less than this is not worth a sentence. */
const LEAST_FLUID_ML = 0.3;
/** Longer voxels than this blur the cortex. */
const COARSE_MM = 2;
/** Contact with the border that is more than a brain stem's, as a share of the surface. */
const CONTACT = 0.002;

/** What lowers the confidence, or was not looked at, in whole sentences. */
export function headNotices(
  signs: ConfidenceSigns,
  { path, anchors_fail }: TissueSegmentation,
  facts: VolumeFacts,
  reason: string | undefined,
): string[] {
  const notices: string[] = [];
  if (reason !== undefined) notices.push(`Volumes are not measurable: ${reason}.`);
  if (path === 'mixture') {
    notices.push(
      `The tissues were told apart by the brightness alone, because ${anchors_fail}; the models' structures were not used for it.`,
    );
  }
  if (signs.contrast_agent) {
    notices.push(
      facts.contrast_agent === 'yes'
        ? 'A contrast agent was given. It brightens vessels and meninges, so grey matter may be overestimated.'
        : 'Vessels are brighter than white matter, as after a contrast agent. Grey matter may be overestimated.',
    );
  }
  if (signs.skull_stripped) {
    notices.push(
      'The skull was removed from this scan before it was sent. What was cut away with it cannot be known.',
    );
  }
  if (signs.border_contact > CONTACT && reason === undefined) {
    notices.push('The brain comes close to the border of the field of view; its lowest part may be cut off.');
  }
  if (signs.voxel_mm > COARSE_MM) {
    notices.push(
      `Voxels are up to ${signs.voxel_mm.toFixed(1)} mm long. Cortex is 2 to 4 mm thick, so many voxels hold more than one tissue, and grey matter is overestimated.`,
    );
  }
  if (signs.unexplained_fluid_ml >= LEAST_FLUID_ML) {
    notices.push(
      `${signs.unexplained_fluid_ml.toFixed(1)} ml of fluid lie deep in the brain where neither a ventricle nor its mirror image is. What that is was not looked for.`,
    );
  }
  if (facts.sides === 'uncertain') {
    notices.push(
      "The file's two orientations contradict each other about left and right. In the label map sides follow the one that was used.",
    );
  }
  if (facts.sides === 'unknown') {
    notices.push(
      'The file does not say which side is left. In the label map sides follow the order of its voxels and may be exchanged.',
    );
  }
  notices.push('Motion was not measured.', 'Lesions, haemorrhage and tumours were not looked for.');
  return notices;
}
