import { artifactKey } from '../../domain/artifact.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { JobReference } from '../job-reference.ts';
import { writerFor } from '../write-artifact.ts';
import type { DescribedImage, DescribeImageNeeds, MaskedSlice } from './describe.ts';
import type { EnhancedReport, WriteEnhancedReportNeeds } from './enhance.ts';
import { readHead } from './measure-head.ts';
import type { MriNeeds } from './mri-needs.ts';

type TextNeeds = Pick<
  DescribeImageNeeds & WriteEnhancedReportNeeds,
  'readHead' | 'readSlices' | 'readDescription' | 'readPictures' | 'keepDescription' | 'keepReport'
>;

const planes = ['axial', 'coronal', 'sagittal'] as const;

/** How the activities that write texts read what was measured, and keep what they wrote. */
export function textsIn({
  store,
  persistResult,
  log,
}: Pick<MriNeeds, 'persistResult' | 'log'> & { store: ArtifactStore }): TextNeeds {
  const keep = async (
    job: JobReference,
    pass: 'converting' | 'enhancing',
    name: string,
    columns: Parameters<MriNeeds['persistResult']>[2],
    content: object,
  ) => {
    const writer = writerFor({ store, log }, job.job_id, pass, new AbortController().signal);
    const written = await writer.put(name, JSON.stringify(content), 'application/json');
    await persistResult(job, 'deep', columns, [written]);
  };

  return {
    readHead: ({ job_id }) => readHead(store, job_id),
    readSlices: async ({ job_id }) =>
      planes.map(
        (plane): MaskedSlice => ({
          name: `${plane}, middle`,
          key: artifactKey(job_id, 'segmenting', `brain-${plane}.png`),
          media_type: 'image/png',
          masked: true,
        }),
      ),
    async readDescription({ job_id }) {
      const bytes = await store.get(artifactKey(job_id, 'converting', 'description.json'));
      return JSON.parse(bytes.toString()) as DescribedImage;
    },
    readPictures: async ({ job_id }) =>
      planes.map((plane) => ({
        words: `${plane} plane, with outlines; left and right as the letters say; not for diagnosis`,
        address: `/api/jobs/${job_id}/artifacts/segmenting/overlay-${plane}.png`,
      })),
    keepDescription: (job, described) =>
      keep(
        job,
        'converting',
        'description.json',
        {
          image_description: described.text,
          processing_metrics: { description: described.run, sent_to_vision: described.sent },
        },
        described,
      ),
    keepReport: (job, report: EnhancedReport) => {
      const { text, run, sent, knowledge, vectors, retrieved } = report;
      return keep(
        job,
        'enhancing',
        'report.json',
        {
          enhanced_report: text,
          processing_metrics: { report: run, sent_to_language: sent, knowledge, vectors, retrieved },
        },
        report,
      );
    },
  };
}
