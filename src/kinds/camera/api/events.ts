import { Readable } from 'node:stream';
import etag from '@fastify/etag';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { userOf } from '../../../api/access/user.ts';
import type { ApiDependencies } from '../../../api/dependencies.ts';
import { notFound } from '../../../api/not-found.ts';
import { empty, listOf } from '../../../api/schemas/answers.ts';
import { problemOf } from '../../../api/schemas/problem.ts';
import { Conflict } from '../../../domain/errors.ts';
import { objectsOf } from '../events/event-objects.ts';
import type { EventStore } from '../events/event-store.ts';
import { tagOfEvent, updatedAtIn } from './etags.ts';
import { asCsv, asNdjson } from './export.ts';
import { createPlaces } from './places.ts';
import {
  cameraEvent,
  eventId,
  exportQuery,
  listQuery,
  owner as ownerQuery,
  patchEvent,
  summaryQuery,
  summaryRow,
} from './schemas.ts';
import { viewOfEvent } from './views.ts';
import { eventsFor, eventThere } from './whose.ts';

const tags = ['camera'];
const noEvent = problemOf('No such event of yours.');
const unchanged = empty('As it was: `If-None-Match` named its ETag.');
const notAsSeen = problemOf('It is not as `If-Match` has it.');
const ifMatch = z.looseObject({
  'if-match': z
    .string()
    .optional()
    .describe('The ETag that was seen: who changed it since is not overwritten.'),
});

/** Addresses below `/api/events` that are no event's; no event has such an id. */
const anEvent = '/api/events/:event_id(^(?!(?:summary|export|stream|batch)$).*$)';

/** Reading events, and what people say of them. */
export function eventRoutes(store: EventStore): FastifyPluginAsyncZod<ApiDependencies> {
  return async (api, dependencies) => {
    const exports = createPlaces('exports', { perUser: 2, all: 4 });
    const summaries = createPlaces('summaries', { perUser: 2, all: 4 });
    await api.register(etag);

    api.get(
      '/api/events',
      {
        config: { access: 'user' },
        schema: {
          tags,
          summary: 'What happened in front of your cameras, newest first',
          querystring: listQuery,
          response: { 200: listOf(cameraEvent), 304: unchanged, 422: problemOf('A wrong filter or cursor.') },
        },
      },
      async (request) => {
        const { owner, limit, cursor, order, ...filter } = request.query;
        const { items, next_cursor } = await eventsFor(store, request, owner).listEvents(filter, {
          ...{ limit, order },
          ...(cursor !== undefined && { cursor }),
        });
        return { items: items.map(viewOfEvent), next_cursor };
      },
    );

    api.get(
      '/api/events/summary',
      {
        config: { access: 'user' },
        schema: {
          tags,
          summary: 'How many events there were, by hour, camera and label',
          querystring: summaryQuery,
          response: {
            200: listOf(summaryRow),
            304: unchanged,
            422: problemOf('A wrong filter, or too much.'),
          },
        },
      },
      async (request) => {
        const { owner, tz, ...filter } = request.query;
        const events = eventsFor(store, request, owner);
        const leave = summaries.take(userOf(request).id);
        try {
          return { items: await events.summary(filter, tz), next_cursor: null };
        } finally {
          leave();
        }
      },
    );

    api.get(
      '/api/events/export',
      {
        config: { access: 'user' },
        // It is made as it is sent.
        exposeHeadRoute: false,
        schema: {
          tags,
          summary: 'All events of a filter, oldest first, as a table or as lines of JSON',
          description:
            'In CSV (RFC 4180) lists are JSON within their cells. A cell that begins with `=`, `+`, `-` or `@` has an apostrophe before it, so that no spreadsheet calculates what somebody wrote.',
          querystring: exportQuery,
          response: {
            200: {
              description: 'As long as it takes. One that breaks off is not whole.',
              content: {
                'text/csv': { schema: z.string() },
                'application/x-ndjson': { schema: z.string() },
              },
            },
          },
        },
      },
      async (request, reply) => {
        const { owner, format, ...filter } = request.query;
        const events = eventsFor(store, request, owner);
        const leave = exports.take(userOf(request).id);
        reply.raw.once('close', leave);
        const all = events.eachEvent(filter);
        const text = format === 'csv' ? asCsv(all) : asNdjson(all, viewOfEvent);
        return reply
          .type(format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/x-ndjson')
          .headers({
            'cache-control': 'no-store',
            'content-disposition': `attachment; filename="events.${format}"`,
          })
          .send(Readable.from(text, { objectMode: false }) as never);
      },
    );

    api.get(
      anEvent,
      {
        config: { access: 'user' },
        schema: {
          tags,
          summary: 'An event',
          params: eventId,
          querystring: ownerQuery,
          response: { 200: cameraEvent, 304: unchanged, 404: noEvent },
        },
      },
      async (request, reply) => {
        const events = eventsFor(store, request, request.query.owner);
        const event = await eventThere(events, request.params.event_id);
        reply.header('etag', tagOfEvent(event));
        return viewOfEvent(event);
      },
    );

    api.patch(
      anEvent,
      {
        config: { access: 'user' },
        // Before the body is checked: what is not there is a 404, whatever is said of it.
        preValidation: async (request) => {
          const { event_id } = request.params as { event_id: string };
          await eventThere(eventsFor(store, request), event_id);
        },
        schema: {
          tags,
          summary: 'Say of an event that you have seen it, what it was, and whether it stays',
          params: eventId,
          headers: ifMatch,
          body: patchEvent,
          response: { 200: cameraEvent, 404: noEvent, 412: notAsSeen },
        },
      },
      async (request, reply) => {
        const { event_id } = request.params;
        const events = eventsFor(store, request);
        const header = request.headers['if-match'];
        const before = await eventThere(events, event_id);
        const seen = updatedAtIn(header, before);
        const event = await events
          .patchEvent(event_id, request.body, userOf(request).id, seen)
          .catch((error: unknown) => {
            // Changed between the two looks.
            if (error instanceof Conflict) updatedAtIn(header, { updated_at: '' });
            throw error;
          });
        if (!event) throw notFound('event', event_id);
        reply.header('etag', tagOfEvent(event));
        return viewOfEvent(event);
      },
    );

    api.delete(
      anEvent,
      {
        config: { access: 'user' },
        schema: {
          tags,
          summary: 'Remove an event with its picture, log and clip, for good',
          params: eventId,
          response: { 204: empty('It is gone.'), 404: noEvent },
        },
      },
      async (request, reply) => {
        const { event_id } = request.params;
        const event = await eventsFor(store, request).beginRemoval(event_id);
        if (!event) throw notFound('event', event_id);
        // The row is what finds the objects, so it goes last. What stops in between, the upkeep finishes.
        await dependencies.store.deleteKeys(objectsOf(event.camera_key, event));
        await store.deleteEvents([event]);
        return reply.code(204).send(undefined);
      },
    );
  };
}
