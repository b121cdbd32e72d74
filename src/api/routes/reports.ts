import accepts from '@fastify/accepts';
import etag from '@fastify/etag';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findJob } from '../../database/jobs/find-job.ts';
import { jobPrefix } from '../../domain/artifact.ts';
import type { Job } from '../../domain/job.ts';
import { asText } from '../../domain/markdown.ts';
import { scopeOf } from '../access/user.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { HttpProblem } from '../http-problem.ts';
import { withResultRead } from '../read-result.ts';
import { pageOf, policyOf } from '../reports/page.ts';
import { empty } from '../schemas/answers.ts';
import { problemOf } from '../schemas/problem.ts';

/** The first is what a client gets that asks for nothing. */
const offered = ['application/json', 'text/markdown', 'text/html'] as const;

const tooEarly = problemOf(
  '`Job not completed`: it has not succeeded. Where a page is asked for, one that says so.',
);

/** For whoever opens the address in a browser too early, or of a job that failed. */
function notCompleted({ file_name, kind, phase, status, error_message }: Job): string {
  const of = `The ${kind} of ${asText(file_name ?? 'a file')} is **${status}**.`;
  const why = error_message ? asText(error_message) : whyNot[phase];
  return ['# Job not completed', of, why].filter(Boolean).join('\n\n');
}

const whyNot: Partial<Record<Job['phase'], string>> = {
  queued: 'It waits for its turn. Open this page again later.',
  running: 'It is at work. Open this page again later.',
  waiting: 'It waits for a person’s answer.',
};

/** The three refusals are words other programs look for; see requirements of the scan kind, point 3. */
export const reports: FastifyPluginAsyncZod<ApiDependencies> = async (api, dependencies) => {
  const { database, store, kindApis } = dependencies;
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
          400: { ...tooEarly, content: { ...tooEarly.content, 'text/html': { schema: z.string() } } },
          404: problemOf('`Job not found`, or `Report not available`: an old job without a result.'),
        },
      },
    },
    async (request, reply) => {
      const { job_id: id } = request.params;
      const row = z.uuid().safeParse(id).success ? await findJob(database, id, scopeOf(request)) : null;
      if (!row) throw new HttpProblem(404, 'not-found', 'Not found', 'Job not found');
      reply.header('vary', 'accept');
      const wanted = request.type([...offered]);
      if (row.phase !== 'succeeded') {
        if (wanted !== 'text/html')
          throw new HttpProblem(400, 'not-succeeded', 'No report', 'Job not completed');
        const early = await kindApis[row.kind]?.earlyReport?.(row, dependencies);
        const page = {
          title: 'Job not completed',
          text: early
            ? `${notCompleted(row)}\n\nWhat is there so far:\n\n---\n\n${early}`
            : notCompleted(row),
          links: { job: `/api/jobs/${id}` },
        };
        const pictures = early ? [await originOfPictures(jobPrefix(row.job_id))] : [];
        return reply
          .code(400)
          .header('content-security-policy', policyOf(pictures))
          .type('text/html; charset=utf-8')
          .send(pageOf(page));
      }
      const job = await withResultRead(row, dependencies);
      if (!job.result) throw new HttpProblem(404, 'not-found', 'Not found', 'Report not available');
      if (wanted === 'application/json' || typeof wanted !== 'string') return job.result;
      const report = (await kindApis[job.kind]?.report?.(job, dependencies)) ?? null;
      if (wanted === 'text/markdown') {
        if (report === null) return job.result;
        return reply.type('text/markdown; charset=utf-8').send(report);
      }
      const text = report ?? ['```json', JSON.stringify(job.result, null, 2), '```'].join('\n');
      const links = { 'as data': `/api/jobs/${id}/result`, 'all files': `/api/jobs/${id}/artifacts` };
      return reply
        .header('content-security-policy', policyOf([await originOfPictures(jobPrefix(job.job_id))]))
        .type('text/html; charset=utf-8')
        .send(pageOf({ title: `Doubletake: ${job.kind} ${id}`, text, links }));
    },
  );
};
