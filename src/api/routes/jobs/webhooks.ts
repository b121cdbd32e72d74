import etag from '@fastify/etag';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { findJob } from '../../../database/jobs/find-job.ts';
import { listWebhookEvents } from '../../../database/webhooks/list-webhook-events.ts';
import { scopeOf } from '../../access/user.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { notFound } from '../../not-found.ts';
import { empty, listOf } from '../../schemas/answers.ts';
import { jobId } from '../../schemas/job.ts';
import { problemOf } from '../../schemas/problem.ts';
import { toldWebhook, viewOfTold } from '../../schemas/webhook.ts';

export const webhooks: FastifyPluginAsyncZod<ApiDependencies> = async (api, { database }) => {
  await api.register(etag);

  api.get(
    '/api/jobs/:id/webhooks',
    {
      config: { access: 'user' },
      schema: {
        tags: ['jobs'],
        summary: 'What a job’s webhook was told, oldest first, with each try',
        params: jobId,
        response: {
          200: listOf(toldWebhook),
          304: empty('As it was: `If-None-Match` named its ETag.'),
          404: problemOf('No such job of yours.'),
        },
      },
    },
    async (request) => {
      const { id } = request.params;
      if (!(await findJob(database, id, scopeOf(request)))) throw notFound('job', id);
      const told = await listWebhookEvents(database, id);
      return { items: told.map(viewOfTold), next_cursor: null };
    },
  );
};
