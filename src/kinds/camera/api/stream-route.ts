import { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { userOf } from '../../../api/access/user.ts';
import type { ApiDependencies } from '../../../api/dependencies.ts';
import type { CameraEvent } from '../events/event.ts';
import type { EventStore } from '../events/event-store.ts';
import { eventStream, startOf } from './event-stream.ts';
import { createPlaces } from './places.ts';
import { streamQuery } from './schemas.ts';
import { eventsFor, refusalOfOwner } from './whose.ts';

const stream = z.string().meta({
  id: 'CameraEventStream',
  description:
    'Each event has a name and one line of `data`, which is JSON. `x-events` has the schema of `data` by the name of the event.',
  'x-events': {
    event: {
      description: 'An event of a camera, whenever one was stored or changed.',
      data: { $ref: '#/components/schemas/CameraEvent' },
    },
    problem: {
      description: 'Why the client may no longer read; then the stream closes.',
      data: { $ref: '#/components/schemas/Problem' },
    },
  },
});

/** Server-sent events of what happens in front of one's cameras. */
export function streamRoute(store: EventStore): FastifyPluginAsyncZod<ApiDependencies> {
  return async (api, { stopping }) => {
    const streams = createPlaces('event streams', { perUser: 10, all: 500 });

    api.get(
      '/api/events/stream',
      {
        config: { access: 'user' },
        // A stream has no beginning that a HEAD could tell of.
        exposeHeadRoute: false,
        schema: {
          tags: ['camera'],
          summary: 'Events as they happen',
          description:
            'Event `event` whenever one was stored or changed, from now on, or from `Last-Event-ID` on. Event `problem` with the body of a 401 or 403 when the credential is no longer good; then the stream closes. Comments keep the connection alive.',
          querystring: streamQuery,
          headers: z.looseObject({ 'last-event-id': z.string().max(1000).optional() }),
          response: {
            200: { description: 'Events.', content: { 'text/event-stream': { schema: stream } } },
          },
        },
      },
      async (request, reply) => {
        const { owner, camera_id, label } = request.query;
        const events = eventsFor(store, request, owner);
        const from = await startOf(events, request.headers['last-event-id']);
        const leave = streams.take(userOf(request).id);
        const gone = new AbortController();
        reply.raw.once('close', () => {
          leave();
          gone.abort();
        });
        const wanted = (event: CameraEvent) =>
          (camera_id === undefined || event.camera_id === camera_id) &&
          (label === undefined || event.detected_objects.some((object) => object.label === label));
        const refusal = async () => {
          const refused = (await request.refusal()) ?? refusalOfOwner(request, owner);
          if (!refused) return null;
          const { problem, title, status, message: detail } = refused;
          return { type: `urn:doubletake:problem:${problem}`, title, status, detail, request_id: request.id };
        };
        const signal = AbortSignal.any([gone.signal, stopping]);
        const text = eventStream({ events, from, wanted, refusal, signal });
        reply.headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
        return reply.type('text/event-stream').send(Readable.from(text, { objectMode: false }) as never);
      },
    );
  };
}
