import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { userOf } from '../../../api/access/user.ts';
import type { ApiDependencies } from '../../../api/dependencies.ts';
import { beyondLimit } from '../../../api/plugins/access.ts';
import { oneOfNamed } from '../../../api/schemas/named.ts';
import { problemOf } from '../../../api/schemas/problem.ts';
import { Conflict, InvalidRequest } from '../../../domain/errors.ts';
import type { EventStore } from '../events/event-store.ts';
import { tagOfEvent } from './etags.ts';
import {
  camerasIn,
  eventOfBox,
  mayPost,
  mostBatchBytes,
  rowsOfArray,
  rowsOfLines,
  storeBatch,
} from './ingest.ts';
import { createPlaces } from './places.ts';
import { batchOutcome, cameraEvent, newCameraEvent } from './schemas.ts';
import { viewOfEvent } from './views.ts';
import { eventsFor } from './whose.ts';

const tags = ['camera'];
const config = { access: 'user', limitedKeys: true } as const;

const ndjson = 'application/x-ndjson';

/** Events of boxes that detect on their own; a key may be limited to this. */
export function ingestRoutes(store: EventStore): FastifyPluginAsyncZod<ApiDependencies> {
  return async (api) => {
    api.post(
      '/api/events',
      {
        config,
        schema: {
          tags,
          summary: 'Store an event of a box that detects on its own',
          description:
            'A camera that does not exist is created. Of an id that is there already nothing is changed, whatever else is said.',
          body: oneOfNamed(z.record(z.string(), z.unknown()), 'An event.', [
            ['NewCameraEvent', newCameraEvent],
          ]),
          response: {
            200: cameraEvent.describe('It was there already; this is what is there.'),
            201: cameraEvent.describe('Stored; `Location` is the event.'),
            409: problemOf(
              'Not stored: the id is that of an event which is being removed, or, for a limited key, of another camera.',
            ),
          },
        },
      },
      async (request, reply) => {
        const { limitedTo } = userOf(request);
        const given = eventOfBox(request.body);
        if (!mayPost(camerasIn(limitedTo), given)) throw beyondLimit(limitedTo ?? []);
        const events = eventsFor(store, request);
        const { inserted, failed } = await events.insertEvents([given]);
        if (failed[0]) throw new InvalidRequest(`The event cannot be kept: ${failed[0].reason}.`);
        const { event_id } = given as { event_id: string };
        const event = await events.findEvent(event_id);
        if (!event)
          throw new Conflict(
            `The event was not stored: one with the id "${event_id}" is being removed. Send it again when that is done, in some minutes at most.`,
          );
        // A key hears nothing of other cameras than its own.
        if (!mayPost(camerasIn(limitedTo), event))
          throw new Conflict(
            `The event was not stored: the id "${event_id}" is that of an event of another camera. Give each event an id of its own.`,
          );
        return reply
          .code(inserted === 1 ? 201 : 200)
          .headers({ etag: tagOfEvent(event), location: `/api/events/${event_id}` })
          .send(viewOfEvent(event));
      },
    );

    await api.register(batchRoute(store));
  };
}

/** By itself: no other route reads lines of JSON, or bodies as large. */
function batchRoute(store: EventStore): FastifyPluginAsyncZod {
  return async (api) => {
    const batches = createPlaces('batches', { perUser: 2, all: 4 });
    api.addContentTypeParser(ndjson, { parseAs: 'string' }, (_request, body, done) => done(null, body));

    api.post(
      '/api/events/batch',
      {
        config,
        bodyLimit: mostBatchBytes,
        // Before the body is read, which is what takes memory.
        preParsing: async (request, reply) => {
          reply.raw.once('close', batches.take(userOf(request).id));
        },
        schema: {
          tags,
          summary: 'Store up to 10,000 events of boxes at once',
          description:
            'As lines of JSON (NDJSON), or as a JSON array. All that are valid are stored in one transaction. Those that are not, lines that are not JSON among them, are told by their index. More than 10,000 are refused, and then nothing is stored.',
          body: {
            content: {
              [ndjson]: { schema: z.string() },
              'application/json': {
                schema: z.array(z.unknown()).meta({
                  items: { $ref: '#/components/schemas/NewCameraEventInput' },
                }),
              },
            },
          },
          response: {
            200: batchOutcome,
            413: problemOf('The body is larger than is read here, or has more than 10,000 events.'),
          },
        },
      },
      async (request) => {
        const body = request.body as unknown;
        if (typeof body !== 'string' && !Array.isArray(body))
          throw new InvalidRequest(`Send events as ${ndjson}, one a line, or as a JSON array.`);
        const rows = typeof body === 'string' ? rowsOfLines(body) : rowsOfArray(body);
        return storeBatch(eventsFor(store, request), rows, camerasIn(userOf(request).limitedTo));
      },
    );
  };
}
