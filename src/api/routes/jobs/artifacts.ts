import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { listArtifacts } from '../../../database/jobs/list-artifacts.ts';
import type { Artifact } from '../../../domain/artifact.ts';
import { findReadableJob } from '../../access/find-readable-job.ts';
import { scopeOf } from '../../access/user.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { linkSeconds } from '../../link-life.ts';
import { notFound } from '../../not-found.ts';
import { listOf } from '../../schemas/answers.ts';
import { artifact, viewOfArtifact } from '../../schemas/artifact.ts';
import { jobId } from '../../schemas/job.ts';
import { problemOf } from '../../schemas/problem.ts';

/** Links to what a job's passes stored. The bytes come from S3 itself. */
export const artifacts: FastifyPluginAsyncZod<ApiDependencies> = async (
  api,
  { database, store, kindApis },
) => {
  const presign = ({ key, name: fileName, media_type: mediaType }: Artifact) =>
    store.presign(key, { expiresSeconds: linkSeconds, fileName, mediaType });

  /** Those of a job that whoever asks may have. @throws HttpProblem 404 */
  async function readable(request: FastifyRequest, id: string): Promise<Artifact[]> {
    const job = await findReadableJob(database, request, id);
    if (!job) throw notFound('job', id);
    const isKept = kindApis[job.kind]?.isForOperators;
    const rows = await listArtifacts(database, id);
    return isKept && scopeOf(request).userId !== undefined ? rows.filter((row) => !isKept(row)) : rows;
  }

  api.get(
    '/api/jobs/:id/artifacts',
    {
      config: { access: 'user' },
      schema: {
        tags: ['jobs'],
        summary: 'What a job has stored so far',
        params: jobId,
        querystring: z.object({ pass: z.string().optional().describe('Only of this pass.') }),
        response: { 200: listOf(artifact), 404: problemOf('No such job of yours.') },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { pass } = request.query;
      const rows = (await readable(request, id)).filter((row) => pass === undefined || row.pass === pass);
      const expiresAt = new Date(Date.now() + linkSeconds * 1000);
      const items = await Promise.all(
        rows.map(async (row) => viewOfArtifact(id, row, await presign(row), expiresAt)),
      );
      reply.header('cache-control', 'private, no-store');
      return { items, next_cursor: null };
    },
  );

  api.get(
    '/api/jobs/:id/artifacts/:pass/:name',
    {
      config: { access: 'user' },
      schema: {
        tags: ['jobs'],
        summary: 'An artifact’s bytes, by way of a fresh link',
        params: jobId.extend({ pass: z.string(), name: z.string() }),
        response: {
          302: z.undefined().describe('`Location` is a presigned link that works for an hour.'),
          404: problemOf('No such job or artifact of yours.'),
        },
      },
    },
    async (request, reply) => {
      const { id, pass, name } = request.params;
      const row = (await readable(request, id)).find((one) => one.pass === pass && one.name === name);
      if (!row) throw notFound('artifact', `${pass}/${name} of job ${id}`);
      reply.header('cache-control', 'private, no-store');
      return reply.redirect(await presign(row), 302);
    },
  );
};
