import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { findDeletion } from '../../database/deletions/find-deletion.ts';
import { requestDeletion } from '../../database/deletions/request-deletion.ts';
import { scopeOf, userOf } from '../access/user.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { notFound } from '../not-found.ts';
import { deletion, deletionId, deletionQuery, viewOfDeletion } from '../schemas/deletion.ts';
import { jobId } from '../schemas/job.ts';
import { problemOf } from '../schemas/problem.ts';
import { sessionId } from '../schemas/session.ts';

const accepted = deletion.describe(
  'Hidden from now on; `Location` tells when rows and objects are gone. Asked for again: the same deletion.',
);
const stillRuns = problemOf('It still runs; wait, or delete with `cancel=true`.');

/** Deleting is asked for here and done by a workflow, which finishes whatever interrupts it. */
export const deletions: FastifyPluginAsyncZod<ApiDependencies> = async (api, { database }) => {
  async function ask(
    request: FastifyRequest,
    reply: FastifyReply,
    target: 'job' | 'session',
    { id, cancel }: { id: string; cancel: boolean },
  ) {
    const by = userOf(request).id;
    const row = await requestDeletion(database, { target, id, by, cancel, ...scopeOf(request) });
    return reply.header('location', `/api/deletions/${row.id}`).code(202).send(viewOfDeletion(row));
  }

  api.delete(
    '/api/jobs/:id',
    {
      config: { access: 'user' },
      schema: {
        tags: ['jobs'],
        summary: 'Delete a job with all it stored',
        description:
          'The session and its file stay. Asking again, also when all is gone, is answered the same.',
        params: jobId,
        querystring: deletionQuery,
        response: { 202: accepted, 404: problemOf('No such job of yours.'), 409: stillRuns },
      },
    },
    (request, reply) => ask(request, reply, 'job', { ...request.params, ...request.query }),
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
    (request, reply) => ask(request, reply, 'session', { ...request.params, ...request.query }),
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
