import accepts from '@fastify/accepts';
import etag from '@fastify/etag';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findJob } from '../../database/find-job.ts';
import { scopeOf } from '../access/user.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { HttpProblem } from '../http-problem.ts';
import { pageOf, policyOf } from '../reports/page.ts';
import { empty } from '../schemas/answers.ts';
import { problemOf } from '../schemas/problem.ts';
import { kindApis } from './kinds/index.ts';

/** The first is what a client gets that asks for nothing. */
const offered = ['application/json', 'text/markdown', 'text/html'] as const;

/** The three refusals are words other programs look for; see requirements of the scan kind, point 3. */
export const reports: FastifyPluginAsyncZod<ApiDependencies> = async (api, dependencies) => {
  const { database, store } = dependencies;
  await api.register(etag);
  await api.register(accepts);

  /** Content security counts the address a redirect leads to: our picture links lead to S3. */
  async function originOfPictures(key: string): Promise<string> {
    return new URL(await store.presign(key, { expiresSeconds: 1 })).origin;
  }

  api.get(
    '/reports/:job_id',
    {
      config: { access: 'user' },
      schema: {
        tags: ['jobs'],
        summary: 'The result of a job of any kind, or its report to read',
        description:
          'JSON unless `Accept` prefers `text/markdown` or, as browsers do, `text/html`. A kind that writes no report shows its result on the page, and has no Markdown.',
        params: z.object({ job_id: z.string() }),
        response: {
          200: {
            description: 'As the kind defines it; as Markdown or a page, the report for people.',
            content: {
              'application/json': { schema: z.record(z.string(), z.unknown()) },
              'text/markdown': { schema: z.string() },
              'text/html': { schema: z.string() },
            },
          },
          304: empty('As it was: `If-None-Match` named its ETag.'),
          400: problemOf('`Job not completed`: it has not succeeded.'),
          404: problemOf('`Job not found`, or `Report not available`: an old job without a result.'),
        },
      },
    },
    async (request, reply) => {
      const { job_id: id } = request.params;
      const job = z.uuid().safeParse(id).success ? await findJob(database, id, scopeOf(request)) : null;
      if (!job) throw new HttpProblem(404, 'not-found', 'Not found', 'Job not found');
      if (job.phase !== 'succeeded')
        throw new HttpProblem(400, 'not-succeeded', 'No report', 'Job not completed');
      if (!job.result) throw new HttpProblem(404, 'not-found', 'Not found', 'Report not available');
      reply.header('vary', 'accept');
      const wanted = request.type([...offered]);
      if (wanted === 'application/json' || typeof wanted !== 'string') return job.result;
      const report = (await kindApis[job.kind]?.report?.(job, dependencies)) ?? null;
      if (wanted === 'text/markdown') {
        if (report === null) return job.result;
        return reply.type('text/markdown; charset=utf-8').send(report);
      }
      const text = report ?? ['```json', JSON.stringify(job.result, null, 2), '```'].join('\n');
      const links = { 'as data': `/api/jobs/${id}/result`, 'all files': `/api/jobs/${id}/artifacts` };
      return reply
        .header('content-security-policy', policyOf([await originOfPictures(job.original_key)]))
        .type('text/html; charset=utf-8')
        .send(pageOf({ title: `Doubletake: ${job.kind} ${id}`, text, links }));
    },
  );
};
