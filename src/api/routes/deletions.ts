import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { findDeletion } from '../../database/find-deletion.ts';
import { findJob } from '../../database/find-job.ts';
import { findSession } from '../../database/find-session.ts';
import { requestDeletion } from '../../database/request-deletion.ts';
import { scopeOf, userOf } from '../access/user.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { notFound } from '../not-found.ts';
import { deletion, deletionId, deletionQuery, viewOfDeletion } from '../schemas/deletion.ts';
import { jobId } from '../schemas/job.ts';
import { problemOf } from '../schemas/problem.ts';
import { sessionId } from '../schemas/session.ts';

const accepted = deletion.describe('Hidden from now on; `Location` tells when rows and objects are gone.');
const stillRuns = problemOf('It still runs; wait, or delete with `cancel=true`.');

/** Deleting is asked for here and done by a workflow, which finishes whatever interrupts it. */
export const deletions: FastifyPluginAsyncZod<ApiDependencies> = async (api, { database }) => {
  async function ask(
    request: FastifyRequest,
    reply: FastifyReply,
    target: 'job' | 'session',
    { id, cancel }: { id: string; cancel: boolean },
  ) {
    const asked = await requestDeletion(database, { target, id, by: userOf(request).id, cancel });
    const row = await findDeletion(database, asked.id);
    if (!row) throw notFound('deletion', asked.id);
    return reply.header('location', `/api/deletions/${row.id}`).code(202).send(viewOfDeletion(row));
  }

  api.delete(
    '/api/jobs/:id',
    {
      config: { access: 'user' },
      schema: {
        tags: ['jobs'],
        summary: 'Delete a job with all it stored',
        description: 'The session and its file stay.',
        params: jobId,
        querystring: deletionQuery,
        response: { 202: accepted, 404: problemOf('No such job of yours.'), 409: stillRuns },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!(await findJob(database, id, scopeOf(request)))) throw notFound('job', id);
      return ask(request, reply, 'job', { id, cancel: request.query.cancel });
    },
  );

  api.delete(
    '/api/sessions/:id',
    {
      config: { access: 'user' },
      schema: {
        tags: ['sessions'],
        summary: 'Delete a session: its file, its jobs, all they stored',
        params: sessionId,
        querystring: deletionQuery,
        response: { 202: accepted, 404: problemOf('No such session of yours.'), 409: stillRuns },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!(await findSession(database, id, scopeOf(request)))) throw notFound('session', id);
      return ask(request, reply, 'session', { id, cancel: request.query.cancel });
    },
  );

  api.get(
    '/api/deletions/:id',
    {
      config: { access: 'user' },
      schema: {
        tags: ['deletions'],
        summary: 'How far a deletion is',
        params: deletionId,
        response: { 200: deletion, 404: problemOf('No such deletion of yours.') },
      },
    },
    async (request) => {
      const row = await findDeletion(database, request.params.id, scopeOf(request));
      if (!row) throw notFound('deletion', request.params.id);
      return viewOfDeletion(row);
    },
  );
};
