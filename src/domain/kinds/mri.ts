import { z } from 'zod';
import type { KindDefinition } from '../kind.ts';
import { languageSettings } from '../language-settings.ts';

const mriOptions = z.strictObject({
  deface: z
    .boolean()
    .default(false)
    .describe('Leave everything outside the brain black in the pictures: a head shows a face.'),
});

export type MriOptions = z.infer<typeof mriOptions>;

/** The endpoints that an operator may name; without them texts are our own. */
export const mriEndpoints = {
  language: 'DOUBLETAKE_MRI_LANGUAGE',
  vision: 'DOUBLETAKE_MRI_VISION',
  embeddings: 'DOUBLETAKE_MRI_EMBEDDINGS',
} as const;

/** What each of the four models is for, and the file that ships for it, without its ending. */
export const shippedMriModels = {
  quick: 'meshnet-gwm',
  brain: 'meshnet-gwm20',
  structures: 'meshnet-18',
  second: 'meshnet-18b',
} as const;

export type MriModelNames = Record<keyof typeof shippedMriModels, string>;

const named = `(${Object.keys(shippedMriModels).join('|')})=[A-Za-z0-9._-]{1,100}`;

/** `structures=my-net,second=my-other`: other files of the models' folder than those that ship. */
const otherModels = z
  .string()
  .regex(new RegExp(`^${named}(,${named})*$`))
  .transform(
    (text): Partial<MriModelNames> => Object.fromEntries(text.split(',').map((part) => part.split('='))),
  )
  .default({})
  .describe(
    `pairs like structures=my-model with commas between them: what a model is for (${Object.keys(shippedMriModels).join(', ')}) and its file in the models folder, without .onnx`,
  );

const steps = ['segmenting', 'converting', 'enhancing'] as const;
const ends = ['failed', 'canceled'] as const;

export const mri: KindDefinition<MriOptions> = {
  kind: 'mri',
  source: 'file',
  mediaTypes: ['application/x-nifti', 'application/gzip', 'application/zip', 'application/dicom'],
  cleansOriginal: true,
  options: mriOptions,
  settings: z.object({
    DOUBLETAKE_MRI_MODELS: otherModels,
    ...(Object.assign({}, ...Object.values(mriEndpoints).map(languageSettings)) as Record<string, z.ZodType>),
  }),
  statuses: {
    uploaded: { phase: 'queued', to: [...steps, ...ends] },
    segmenting: { phase: 'running', to: ['converting', 'enhancing', 'completed', ...ends] },
    converting: { phase: 'running', to: ['enhancing', 'completed', ...ends] },
    enhancing: { phase: 'running', to: ['completed', ...ends] },
    completed: { phase: 'succeeded', to: [] },
    failed: { phase: 'failed', to: [] },
    canceled: { phase: 'canceled', to: [] },
  },
  passes: () => [
    {
      name: 'segmenting',
      status: 'segmenting',
      stage: 'SEGMENTING',
      keeps: [
        {
          name: 'segmentation',
          fields: ['segmentation_result_key', 'confidence_scores'],
          objects: ['segmenting/tissue.nii.gz', 'segmenting/structures.nii.gz', 'segmenting/head.json'],
        },
        {
          name: 'overlays',
          fields: [],
          objects: ['axial', 'coronal', 'sagittal'].map((plane) => `segmenting/overlay-${plane}.png`),
        },
      ],
    },
    {
      name: 'converting',
      status: 'converting',
      stage: 'CONVERTING',
      keeps: [
        { name: 'description', fields: ['image_description'], objects: ['converting/description.json'] },
      ],
    },
    {
      name: 'enhancing',
      status: 'enhancing',
      stage: 'ENHANCING',
      keeps: [{ name: 'report', fields: ['enhanced_report'], objects: ['enhancing/report.json'] }],
    },
  ],
  // What the models saw; the measurement comes out of it.
  resumesFrom: (name) => /^segmenting\/(quick\.json|[a-z]+\.labels\.nii\.gz)$/.test(name),
  retentionDays: 365,
};
