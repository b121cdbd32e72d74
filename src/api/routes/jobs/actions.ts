import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { findJob } from '../../../database/jobs/find-job.ts';
import { requestCancel } from '../../../database/jobs/request-cancel.ts';
import { retryJob } from '../../../database/jobs/retry-job.ts';
import { scopeOf, userOf } from '../../access/user.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { jobViewer } from '../../job-view.ts';
import { notFound } from '../../not-found.ts';
import { job, jobId } from '../../schemas/job.ts';
import { problemOf } from '../../schemas/problem.ts';

const noJob = problemOf('No such job of yours.');

/** What a user may do to a job. The database decides; the relay tells the workflow. */
export const jobActions: FastifyPluginAsyncZod<ApiDependencies> = async (api, dependencies) => {
  const { database } = dependencies;
  const view = jobViewer(dependencies);

  api.post(
    '/api/jobs/:id/cancel',
    {
      config: { access: 'user' },
      schema: {
        tags: ['jobs'],
        summary: 'Stop a job',
        description: 'Asked again it changes nothing. What was stored so far stays.',
        params: jobId,
        response: {
          202: job.describe('Asked; `phase` becomes `canceled` within seconds.'),
          404: noJob,
          409: problemOf('It has ended already.'),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!(await findJob(database, id, scopeOf(request)))) throw notFound('job', id);
      const by = userOf(request).id;
      const row = await requestCancel(database, id, { by, why: `canceled by ${by}` });
      return reply.code(202).send(view(row));
    },
  );

  api.post(
    '/api/jobs/:id/retry',
    {
      config: { access: 'user' },
      schema: {
        tags: ['jobs'],
        summary: 'Run a failed or cancelled job again, from the last pass that finished',
        params: jobId,
        response: {
          202: job.describe('Queued again, one attempt later.'),
          404: noJob,
          409: problemOf('It did not fail.'),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!(await findJob(database, id, scopeOf(request)))) throw notFound('job', id);
      const row = await retryJob(database, id, { by: userOf(request).id });
      return reply.code(202).send(view(row));
    },
  );
};
