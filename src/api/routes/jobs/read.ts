import etag from '@fastify/etag';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { listArtifacts } from '../../../database/jobs/list-artifacts.ts';
import { listJobs } from '../../../database/jobs/list-jobs.ts';
import { listTransitions } from '../../../database/jobs/list-transitions.ts';
import { capitalized } from '../../../domain/kind-words.ts';
import { phases } from '../../../domain/phase.ts';
import { findReadableJob } from '../../access/find-readable-job.ts';
import { toldTo } from '../../access/told-to.ts';
import { scopeOf, userOf } from '../../access/user.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { HttpProblem } from '../../http-problem.ts';
import { jobViewer } from '../../job-view.ts';
import type { KindApis } from '../../kind-api.ts';
import { notFound } from '../../not-found.ts';
import { withResultRead } from '../../read-result.ts';
import { empty, listOf, page } from '../../schemas/answers.ts';
import { job, jobId } from '../../schemas/job.ts';
import { oneOfNamed } from '../../schemas/named.ts';
import { problemOf } from '../../schemas/problem.ts';
import { transition, viewOfTransition } from '../../schemas/transition.ts';

const tags = ['jobs'];
const noJob = problemOf('No such job of yours.');
const unchanged = empty('As it was: `If-None-Match` named its ETag.');

/** Of kinds that do not say what their results hold. */
const otherResult = z.record(z.string(), z.unknown());

/** The kinds say what their results hold; what an earlier version stored is answered as it is. */
function resultOf(kindApis: KindApis) {
  const said = Object.entries(kindApis).flatMap(([kind, { result }]) =>
    result ? [[`${capitalized(kind)}Result`, result] as const] : [],
  );
  const others = said.length > 0 && said.length < Object.keys(kindApis).length;
  return oneOfNamed(z.record(z.string(), z.unknown()), 'As the kind defines it.', [
    ...said,
    ...(others ? [['OtherResult', otherResult] as const] : []),
  ]);
}

/** Reading jobs. Everything here carries an ETag and answers 304 to the one it had. */
export const readJobs: FastifyPluginAsyncZod<ApiDependencies> = async (api, dependencies) => {
  const { database, kindApis } = dependencies;
  const { kinds } = database;
  const view = jobViewer(dependencies);
  await api.register(etag);

  api.get(
    '/api/jobs',
    {
      config: { access: 'user' },
      schema: {
        tags,
        summary: 'Your jobs, newest first',
        querystring: page.extend({
          kind: z.enum(kinds.names).optional(),
          status: z.enum(kinds.statuses).optional().describe('The kind’s own word.'),
          phase: z.enum(phases).optional(),
          session_id: z.uuid().optional(),
          assigned: z
            .literal('me')
            .optional()
            .describe('Instead of your own, those whose question an operator asked you by name to answer.'),
        }),
        response: { 200: listOf(job), 304: unchanged, 422: problemOf('A wrong filter or cursor.') },
      },
    },
    async (request) => {
      const { session_id: sessionId, assigned, ...filters } = request.query;
      const user = userOf(request);
      const whose = assigned ? { assignee: user.id } : scopeOf(request);
      const { items, next_cursor } = await listJobs(database, { ...whose, sessionId, ...filters });
      return { items: items.map((row) => view(toldTo(user, row))), next_cursor };
    },
  );

  api.get(
    '/api/jobs/:id',
    {
      config: { access: 'user' },
      schema: { tags, summary: 'A job', params: jobId, response: { 200: job, 304: unchanged, 404: noJob } },
    },
    async (request) => {
      const row = await findReadableJob(database, request, request.params.id);
      if (!row) throw notFound('job', request.params.id);
      return view(row);
    },
  );

  api.get(
    '/api/jobs/:id/result',
    {
      config: { access: 'user' },
      schema: {
        tags,
        summary: 'The result of a job that succeeded',
        params: jobId,
        response: {
          200: resultOf(kindApis),
          304: unchanged,
          404: problemOf('No such job of yours, or an old one without a result.'),
          409: problemOf('Not succeeded (yet): `job` says where it is, `artifacts` what is there.'),
        },
      },
    },
    async (request) => {
      const { id } = request.params;
      const row = await findReadableJob(database, request, id);
      if (!row) throw notFound('job', id);
      if (row.phase !== 'succeeded') {
        const artifacts = (await listArtifacts(database, id)).map(({ pass, name }) => `${pass}/${name}`);
        const why = row.error_message ? `: ${row.error_message}` : '';
        throw new HttpProblem(
          409,
          'not-succeeded',
          'There is no result',
          `Job ${id} is ${row.phase}${why}.`,
          {
            extensions: { job: view(row), artifacts },
          },
        );
      }
      if (!row.result) throw notFound('result of job', id);
      return (await withResultRead(row, dependencies)).result as Record<string, unknown>;
    },
  );

  api.get(
    '/api/jobs/:id/transitions',
    {
      config: { access: 'user' },
      schema: {
        tags,
        summary: 'What happened to a job, oldest first',
        params: jobId,
        response: { 200: listOf(transition), 304: unchanged, 404: noJob },
      },
    },
    async (request) => {
      const { id } = request.params;
      if (!(await findReadableJob(database, request, id))) throw notFound('job', id);
      const rows = await listTransitions(database, id);
      return { items: rows.map(viewOfTransition), next_cursor: null };
    },
  );
};
