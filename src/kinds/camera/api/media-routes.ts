import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { userOf } from '../../../api/access/user.ts';
import type { ApiDependencies } from '../../../api/dependencies.ts';
import { HttpProblem } from '../../../api/http-problem.ts';
import { empty } from '../../../api/schemas/answers.ts';
import { problemOf } from '../../../api/schemas/problem.ts';
import { ChildLost } from '../../../domain/child-lost.ts';
import { ObjectMissing, TooLarge, UnreadableMedia } from '../../../domain/errors.ts';
import type { StoredCamera } from '../events/camera.ts';
import type { ClipSource } from '../events/event.ts';
import { isOfCamera } from '../events/event-objects.ts';
import type { EventStore, StoredEvent } from '../events/event-store.ts';
import { openClips } from './clips.ts';
import { createPlaces } from './places.ts';
import { eventId, owner as ownerQuery } from './schemas.ts';
import { cameraThere, eventsFor, eventThere } from './whose.ts';

const tags = ['camera'];

/** Something of an event that is not there, with the reason. */
function without(what: string, why: string): HttpProblem {
  return new HttpProblem(
    404,
    'not-found',
    `There is no ${what}`,
    `There is no ${what} of this event: ${why}`,
  );
}

/** @throws HttpProblem 404 with the reason why no clip can be had */
function clipSourceOf(event: StoredEvent, { masks }: Pick<StoredCamera, 'masks'>): ClipSource {
  if (event.ended_at === null) throw without('clip', 'it is still open. Ask again when it has ended.');
  // The video is copied as it is, and would show what is masked.
  if (masks.some(({ purpose }) => purpose === 'privacy'))
    throw without('clip', 'its camera has privacy masks, and a clip would show what they hide.');
  if (event.clip === null) throw without('clip', 'its video was never kept here.');
  return event.clip;
}

/** Pictures and clips, through the API: whoever sees the event may have them. */
export function mediaRoutes(store: EventStore): FastifyPluginAsyncZod<ApiDependencies> {
  return async (api, { store: objects }) => {
    const clips = openClips(objects);
    api.addHook('onClose', () => clips.close());
    const places = createPlaces('clips', { perUser: 2, all: 8 });

    api.get(
      '/api/events/:event_id/image',
      {
        config: { access: 'user' },
        schema: {
          tags,
          summary: 'The picture of an event',
          params: eventId,
          querystring: ownerQuery,
          response: {
            200: { description: 'A JPEG.', content: { 'image/jpeg': { schema: z.string() } } },
            304: empty('As it was: `If-None-Match` named its ETag.'),
            404: problemOf('No such event of yours, or one without a picture.'),
          },
        },
      },
      async (request, reply) => {
        const events = eventsFor(store, request, request.query.owner);
        const { image_path: key, camera_id } = await eventThere(events, request.params.event_id);
        if (key === null) throw without('picture', 'none was taken, or not yet.');
        if (!isOfCamera((await cameraThere(events, camera_id)).key, key))
          throw without('picture', 'it is kept by whoever posted the event, not here.');
        const head = await objects.head(key);
        if (!head) throw without('picture', 'it is no longer in the storage.');
        const etag = `"${head.sha256}"`;
        reply.header('etag', etag);
        if (request.headers['if-none-match'] === etag) return reply.code(304).send(undefined);
        return reply.type('image/jpeg').send((await objects.get(key)) as never);
      },
    );

    api.get(
      '/api/events/:event_id/clip',
      {
        config: { access: 'user' },
        // It is made as it is sent.
        exposeHeadRoute: false,
        schema: {
          tags,
          summary: 'The video of an event, with 3 s before it and after it',
          description:
            'Cut at keyframes and copied as it was recorded, so it may begin earlier; without sound. Not in ranges.',
          params: eventId,
          querystring: ownerQuery,
          response: {
            200: { description: 'An MP4.', content: { 'video/mp4': { schema: z.string() } } },
            404: problemOf('No such event of yours, or no clip of it: `detail` says why.'),
          },
        },
      },
      async (request, reply) => {
        const events = eventsFor(store, request, request.query.owner);
        const event = await eventThere(events, request.params.event_id);
        const source = clipSourceOf(event, await cameraThere(events, event.camera_id));
        const leave = places.take(userOf(request).id);
        const gone = new AbortController();
        reply.raw.once('close', () => {
          leave();
          gone.abort();
        });
        try {
          const { bytes, content } = await clips.cut(source, 'the recording', gone.signal);
          if (gone.signal.aborted) content.destroy();
          return reply
            .type('video/mp4')
            .header('content-length', bytes)
            .send(content as never);
        } catch (error) {
          if (error instanceof ObjectMissing) throw without('clip', 'its recording is no longer kept.');
          if (error instanceof UnreadableMedia || error instanceof TooLarge)
            throw without('clip', error.message);
          if (error instanceof ChildLost) throw without('clip', 'its recording cannot be read.');
          throw error;
        }
      },
    );
  };
}
