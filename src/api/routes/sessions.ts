import etag from '@fastify/etag';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { findSession } from '../../database/sessions/find-session.ts';
import { listSessions } from '../../database/sessions/list-sessions.ts';
import { scopeOf } from '../access/user.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { notFound } from '../not-found.ts';
import { empty, listOf, page } from '../schemas/answers.ts';
import { problemOf } from '../schemas/problem.ts';
import { session, sessionId, viewOfSession } from '../schemas/session.ts';

const unchanged = empty('As it was: `If-None-Match` named its ETag.');

export const sessions: FastifyPluginAsyncZod<ApiDependencies> = async (api, { database }) => {
  await api.register(etag);

  api.get(
    '/api/sessions',
    {
      config: { access: 'user' },
      schema: {
        tags: ['sessions'],
        summary: 'Your uploads that became sessions, newest first',
        querystring: page,
        response: { 200: listOf(session), 304: unchanged, 422: problemOf('A wrong cursor or limit.') },
      },
    },
    async (request) => {
      const { items, next_cursor } = await listSessions(database, { ...scopeOf(request), ...request.query });
      return { items: items.map(viewOfSession), next_cursor };
    },
  );

  api.get(
    '/api/sessions/:id',
    {
      config: { access: 'user' },
      schema: {
        tags: ['sessions'],
        summary: 'A session',
        params: sessionId,
        response: { 200: session, 304: unchanged, 404: problemOf('No such session of yours.') },
      },
    },
    async (request) => {
      const row = await findSession(database, request.params.id, scopeOf(request));
      if (!row) throw notFound('session', request.params.id);
      return viewOfSession(row);
    },
  );
};
