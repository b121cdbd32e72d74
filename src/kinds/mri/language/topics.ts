import type { HeadMeasurements } from '../analysis/measured.ts';

/** What a report asks the knowledge base about, from what there is of this head. */
export function topicsOf({ facts, notices, tissue_path }: HeadMeasurements): string[] {
  const adult = facts.age_years === null || facts.age_years >= 18;
  return [
    'what the brain mask includes and how it differs from the intracranial volume',
    'grey matter and white matter volume over the lifespan and age',
    adult
      ? 'lateral ventricles and cerebrospinal fluid grow with age'
      : 'brain growth in childhood and adolescence',
    'hippocampus volume depends on the method and its boundaries',
    facts.sides === 'known'
      ? 'asymmetry of left and right'
      : 'left and right unknown orientation of the file qform sform',
    'how much repeated measurements of the same person vary',
    'partial volume effect and voxel size',
    ...(facts.contrast_agent === 'yes' ? ['contrast agent changes T1 intensities and segmentation'] : []),
    ...(tissue_path === 'mixture' ? ['mixture model of intensities expectation maximisation'] : []),
    ...(notices.length > 0 ? ['image quality, noise, motion and cut field of view'] : []),
  ];
}
