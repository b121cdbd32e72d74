import etag from '@fastify/etag';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findJob } from '../../database/find-job.ts';
import { scopeOf } from '../access/user.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { HttpProblem } from '../http-problem.ts';
import { empty } from '../schemas/answers.ts';
import { problemOf } from '../schemas/problem.ts';

/** The three refusals are words other programs look for; see requirements of the scan kind, point 3. */
export const reports: FastifyPluginAsyncZod<ApiDependencies> = async (api, { database }) => {
  await api.register(etag);
  api.get(
    '/reports/:job_id',
    {
      config: { access: 'user' },
      schema: {
        tags: ['jobs'],
        summary: 'The result of a job of any kind',
        params: z.object({ job_id: z.string() }),
        response: {
          200: z.record(z.string(), z.unknown()).describe('As the kind defines it.'),
          304: empty('As it was: `If-None-Match` named its ETag.'),
          400: problemOf('`Job not completed`: it has not succeeded.'),
          404: problemOf('`Job not found`, or `Report not available`: an old job without a result.'),
        },
      },
    },
    async (request) => {
      const { job_id: id } = request.params;
      const job = z.uuid().safeParse(id).success ? await findJob(database, id, scopeOf(request)) : null;
      if (!job) throw new HttpProblem(404, 'not-found', 'Not found', 'Job not found');
      if (job.phase !== 'succeeded')
        throw new HttpProblem(400, 'not-succeeded', 'No report', 'Job not completed');
      if (!job.result) throw new HttpProblem(404, 'not-found', 'Not found', 'Report not available');
      return job.result;
    },
  );
};
