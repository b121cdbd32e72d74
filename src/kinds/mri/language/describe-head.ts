import type { HeadMeasurements } from '../analysis/measured.ts';
import type { Acquisition } from './acquisition.ts';
import { type Catalogue, fill } from './placeholders.ts';
import { notForDiagnosis } from './standing-words.ts';

export const contrastWords = {
  yes: 'with a contrast agent',
  no: 'without a contrast agent',
  unknown: 'a contrast agent is not recorded',
} as const;

/** The description that is made of measured values alone; its numbers come from the catalogue as everybody's do. */
export function describeHead(
  measured: HeadMeasurements,
  { plane }: Acquisition,
  catalogue: Catalogue,
): string {
  const { facts } = measured;
  const sidesKnown = facts.sides === 'known';
  const named = [
    catalogue.has('sequence') ? ' ({{m:sequence}})' : '',
    catalogue.has('field_strength_t') ? ' at {{m:field_strength_t}}' : '',
  ].join('');
  const pair = (structure: string, name: string) =>
    sidesKnown
      ? `${name} {{m:${structure}_left_ml}} on the left and {{m:${structure}_right_ml}} on the right`
      : `${name} {{m:${structure}_left_ml}} and {{m:${structure}_right_ml}}, of which it is not known which is the left one`;
  const sentences = [
    `A T1-weighted image of a head${named}, ${plane ? `${plane} slices` : 'nearly cubic voxels'}, ${contrastWords[facts.contrast_agent]}.`,
    `A voxel has {{m:voxel_mm}}; the signal to noise is {{m:snr}}, the contrast to noise between grey and white matter {{m:cnr}}.`,
    `Within the brain mask lie grey matter {{m:gm_ml}}, white matter {{m:wm_ml}} and cerebrospinal fluid {{m:csf_ml}}.`,
    `Measured by side: ${pair('hippocampus', 'hippocampus')}; ${pair('lateral_ventricle', 'lateral ventricle')}.`,
    `The confidence of the measurements is {{m:confidence}} of 1.`,
    notForDiagnosis,
  ];
  return fill(sentences.join(' '), catalogue);
}
