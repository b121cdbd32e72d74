import { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { isOpen } from '../../../domain/phase.ts';
import { findReadableJob } from '../../access/find-readable-job.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { jobViewer } from '../../job-view.ts';
import { notFound } from '../../not-found.ts';
import { endId, progressEvents } from '../../progress/progress-events.ts';
import { empty } from '../../schemas/answers.ts';
import { jobEvents } from '../../schemas/events.ts';
import { jobId } from '../../schemas/job.ts';
import { problemOf } from '../../schemas/problem.ts';

/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) of one job. */
export const progress: FastifyPluginAsyncZod<ApiDependencies> = async (api, dependencies) => {
  const { database, changes, stopping } = dependencies;
  const view = jobViewer(dependencies);

  api.get(
    '/api/jobs/:id/progress',
    {
      config: { access: 'user' },
      // A stream has no beginning that a HEAD could tell of.
      exposeHeadRoute: false,
      schema: {
        tags: ['jobs'],
        summary: 'A job’s progress as it happens',
        description:
          'Event `progress` with the job at once and at each change, event `end` with the job when it has ended (or `{id, deleted: true}`), then the stream closes. Event `problem` with the body of a 401 or 403 when the credential is no longer good, then too. Comments keep the connection alive. A client that reconnects with the id of `end` gets a 204, which tells it to stay away.',
        params: jobId,
        headers: z.looseObject({ 'last-event-id': z.string().optional() }),
        response: {
          200: {
            description: 'Events.',
            content: { 'text/event-stream': { schema: jobEvents } },
          },
          204: empty('The end was seen already.'),
          404: problemOf('No such job of yours.'),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const row = await findReadableJob(database, request, id);
      if (!row) throw notFound('job', id);
      if (!isOpen(row.phase) && request.headers['last-event-id'] === endId(row)) {
        return reply.code(204).send(undefined);
      }
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const read = async () => {
        const now = await findReadableJob(database, request, id);
        return now && view(now);
      };
      const refusal = async () => {
        const refused = await request.refusal();
        if (!refused) return null;
        const { problem, title, status, message: detail } = refused;
        return { type: `urn:doubletake:problem:${problem}`, title, status, detail, request_id: request.id };
      };
      const signal = AbortSignal.any([gone.signal, stopping]);
      const events = Readable.from(progressEvents({ read, refusal, changes, jobId: id, signal }), {
        objectMode: false,
      });
      reply.headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
      // A stream is sent as it is; the schema's string is for the document.
      return reply.type('text/event-stream').send(events as never);
    },
  );
};
