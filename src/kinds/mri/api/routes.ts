import { z } from 'zod';
import { findReadableJob } from '../../../api/access/find-readable-job.ts';
import type { KindApi } from '../../../api/kind-api.ts';
import { notFound } from '../../../api/not-found.ts';
import { iso } from '../../../api/schemas/answers.ts';
import { problemOf } from '../../../api/schemas/problem.ts';
import type { Job } from '../../../domain/job.ts';
import { readResults } from '../tables/read-results.ts';
import { knowledgeRoutes } from './knowledge-routes.ts';
import { mriJob, mriResult } from './schemas.ts';

const params = z.object({ job_id: z.uuid() });

/** Null until the raw file, which may name a person, has been put away. */
function keyOf({ original_key, file_name }: Job): string | null {
  return original_key?.endsWith(`/${file_name}`) ? original_key : null;
}

const routes: KindApi['routes'] = async (api, dependencies) => {
  const { database } = dependencies;
  await api.register(knowledgeRoutes, dependencies);

  api.get(
    '/api/analysis-jobs/:job_id',
    {
      config: { access: 'user' },
      schema: {
        tags: ['mri'],
        summary: 'The job of a head',
        params,
        response: { 200: mriJob, 404: problemOf('No such job of yours.') },
      },
    },
    async (request) => {
      const { job_id } = request.params;
      const job = await findReadableJob(database, request, job_id);
      if (job?.kind !== 'mri') throw notFound('analysis job', job_id);
      return {
        ...{ job_id, user_id: job.user_id, status: job.status, error_message: job.error_message },
        original_image_key: keyOf(job),
        created_at: iso(job.created_at),
        updated_at: iso(job.updated_at),
      };
    },
  );

  api.get(
    '/api/analysis-jobs/:job_id/results',
    {
      config: { access: 'user' },
      schema: {
        tags: ['mri'],
        summary: 'What was found in a head: a quick look, then a deep one',
        description: 'Not for diagnosis.',
        params,
        response: {
          200: z.object({ items: z.array(mriResult), next_cursor: z.null() }),
          404: problemOf('No such job of yours.'),
        },
      },
    },
    async (request) => {
      const { job_id } = request.params;
      const job = await findReadableJob(database, request, job_id);
      if (job?.kind !== 'mri') throw notFound('analysis job', job_id);
      const rows = await readResults(database.em(), job_id);
      const items = rows.map(({ look: _, created_at, ...row }) => ({ ...row, created_at: iso(created_at) }));
      return { items, next_cursor: null };
    },
  );
};

export const mri: KindApi = {
  description: 'Volumes of a head from a T1-weighted MRI, with a report that cites. Not for diagnosis.',
  example:
    'A head’s MRI (NIfTI, or a DICOM series in a ZIP) is sent with `-F kind=mri`, or with `doubletake analyze --kind mri head.nii.gz`.',
  receive: ({ session_id, file_name }) => ({
    file_name: `scan-${session_id.slice(0, 8)}.${/\.zip$/i.test(file_name) ? 'zip' : 'nii.gz'}`,
  }),
  routes,
  async report({ job_id }, { database }) {
    const results = await readResults(database.em(), job_id);
    return results.find(({ look }) => look === 'deep')?.enhanced_report ?? null;
  },
  links: ({ job_id, phase }) => ({
    analysis_job: `/api/analysis-jobs/${job_id}`,
    results: `/api/analysis-jobs/${job_id}/results`,
    ...(phase === 'succeeded' && {
      report: `/reports/${job_id}`,
      tissue: `/api/jobs/${job_id}/artifacts/segmenting/tissue.nii.gz`,
      structures: `/api/jobs/${job_id}/artifacts/segmenting/structures.nii.gz`,
    }),
  }),
};
