import { z } from 'zod';
import { scopeOf } from '../../../api/access/user.ts';
import type { KindApi } from '../../../api/kind-api.ts';
import { notFound } from '../../../api/not-found.ts';
import { iso, isoOrNull } from '../../../api/schemas/answers.ts';
import { problemOf } from '../../../api/schemas/problem.ts';
import { findJob } from '../../../database/jobs/find-job.ts';
import { InvalidRequest } from '../../../domain/errors.ts';
import type { TechniqueOptions } from '../../../domain/kinds/technique.ts';
import type { Report } from '../finding.ts';
import { picturesAt } from '../report-pictures.ts';
import { readTechniquePasses } from '../tables/read-technique-passes.ts';
import { type TechniqueAnalysis, techniqueAnalysis } from './schemas.ts';

/** A re-analysis needs the keypoints that a deep pass over the same file has stored. */
const checkOptions: KindApi['checkOptions'] = async (options, { database, scope, session }) => {
  const { source_job_id: sourceId } = options as TechniqueOptions;
  if (sourceId === undefined) return;
  const field = 'options.source_job_id';
  if (!session) {
    throw new InvalidRequest(
      'A re-analysis decodes no file: name the session of the source job instead.',
      field,
    );
  }
  const source = await findJob(database, sourceId, scope);
  if (source?.kind !== 'technique') throw new InvalidRequest(`There is no technique job ${sourceId}.`, field);
  if (source.session_id !== session.id) {
    throw new InvalidRequest(
      `Job ${sourceId} is of session ${source.session_id}, not of ${session.id}.`,
      field,
    );
  }
  if (source.options.mode === 'quick') {
    throw new InvalidRequest(`Job ${sourceId} was quick only; a re-analysis needs a deep one.`, field);
  }
  if (source.phase !== 'succeeded') {
    throw new InvalidRequest(
      `Job ${sourceId} is ${source.phase}; a re-analysis needs one that succeeded.`,
      field,
    );
  }
};

const routes: KindApi['routes'] = async (api, { database }) => {
  api.get(
    '/api/coaches/plus/analysis-jobs/:job_id',
    {
      config: { access: 'user' },
      schema: {
        tags: ['technique'],
        summary: 'A technique job with what its passes found so far',
        params: z.object({ job_id: z.uuid() }),
        response: { 200: techniqueAnalysis, 404: problemOf('No such technique job of yours.') },
      },
    },
    async (request) => {
      const { job_id: jobId } = request.params;
      const job = await findJob(database, jobId, scopeOf(request));
      if (job?.kind !== 'technique') throw notFound('job', jobId);
      const { quick, deep } = await readTechniquePasses(database, jobId);
      return {
        id: job.job_id,
        status: job.status,
        stage: job.stage,
        progress_pct: job.progress_pct,
        error_message: job.error_message,
        quick_results: quick?.results ?? null,
        quick_results_s3_key: quick?.results_s3_key ?? null,
        quick_findings: (quick?.findings ?? null) as TechniqueAnalysis['quick_findings'],
        quick_report: (quick?.report ?? null) as TechniqueAnalysis['quick_report'],
        deep_results: deep?.results ?? null,
        deep_results_s3_key: deep?.results_s3_key ?? null,
        deep_findings: (deep?.findings ?? null) as TechniqueAnalysis['deep_findings'],
        deep_report: (deep?.report ?? null) as TechniqueAnalysis['deep_report'],
        created_at: iso(job.created_at),
        updated_at: iso(job.updated_at),
        started_at: isoOrNull(job.started_at),
        completed_at: isoOrNull(job.completed_at),
      };
    },
  );
};

/** The deepest pass's; its pictures are links to the API's own lasting addresses. */
const report: KindApi['report'] = async ({ job_id }, { database }) => {
  const { quick, deep } = await readTechniquePasses(database, job_id);
  const told = (deep?.report ?? quick?.report) as Report | null | undefined;
  const pass = deep?.report ? 'deep' : 'quick';
  return told ? picturesAt(`/api/jobs/${job_id}/artifacts/${pass}/`, told.text) : null;
};

export const technique: KindApi = {
  description: 'What a coach’s video shows.',
  example:
    'A video is sent with `curl -F kind=technique -F file=@swing.mp4 …/api/jobs`, or with the command `doubletake analyze swing.mp4`.',
  routes,
  report,
  earlyReport: report,
  checkOptions,
  links: ({ job_id }) => ({
    analysis: `/api/coaches/plus/analysis-jobs/${job_id}`,
    report: `/reports/${job_id}`,
  }),
};
