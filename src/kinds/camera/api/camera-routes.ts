import etag from '@fastify/etag';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDependencies } from '../../../api/dependencies.ts';
import { notFound } from '../../../api/not-found.ts';
import { empty, listOf } from '../../../api/schemas/answers.ts';
import { problemOf } from '../../../api/schemas/problem.ts';
import { Conflict } from '../../../domain/errors.ts';
import type { CameraChanges, StoredCamera } from '../events/camera.ts';
import type { EventStore } from '../events/event-store.ts';
import { deleteSome } from './delete-camera.ts';
import { tagOfCamera, versionIn } from './etags.ts';
import { openJobOf } from './open-job.ts';
import {
  cameraChanges,
  cameraDeletion,
  cameraId,
  cameraView,
  newCamera,
  owner as ownerQuery,
} from './schemas.ts';
import { viewOfCamera } from './views.ts';
import { cameraThere, eventsFor } from './whose.ts';

const tags = ['camera'];
const noCamera = problemOf('No such camera of yours.');
const unchanged = empty('As it was: `If-None-Match` named its ETag.');
const ifMatch = z.looseObject({
  'if-match': z
    .string()
    .optional()
    .describe('The ETag that was seen: zones and masks that somebody changed since are not overwritten.'),
});

/** Cameras: their zones, masks, time zone and retention. */
export function cameraRoutes(store: EventStore): FastifyPluginAsyncZod<ApiDependencies> {
  return async (api, dependencies) => {
    await api.register(etag);
    const told = (camera: StoredCamera) => {
      const view = viewOfCamera(camera);
      return { view, headers: { etag: tagOfCamera(view) } };
    };

    api.get(
      '/api/cameras',
      {
        config: { access: 'user' },
        schema: {
          tags,
          summary: 'Your cameras',
          querystring: ownerQuery,
          response: { 200: listOf(cameraView), 304: unchanged },
        },
      },
      async (request) => {
        const cameras = await eventsFor(store, request, request.query.owner).listCameras();
        return { items: cameras.map(viewOfCamera), next_cursor: null };
      },
    );

    api.post(
      '/api/cameras',
      {
        config: { access: 'user' },
        schema: {
          tags,
          summary: 'Add a camera',
          description: 'One that is not added is created with its first recording or event.',
          body: newCamera,
          response: {
            201: cameraView.describe('`Location` is the camera.'),
            409: problemOf('You have a camera with this id.'),
          },
        },
      },
      async (request, reply) => {
        const { camera_id, ...given } = request.body;
        const camera = await eventsFor(store, request).createCamera(camera_id, given as CameraChanges);
        const { view, headers } = told(camera);
        return reply
          .code(201)
          .headers({ ...headers, location: `/api/cameras/${camera_id}` })
          .send(view);
      },
    );

    api.get(
      '/api/cameras/:camera_id',
      {
        config: { access: 'user' },
        schema: {
          tags,
          summary: 'A camera',
          params: cameraId,
          querystring: ownerQuery,
          response: { 200: cameraView, 304: unchanged, 404: noCamera },
        },
      },
      async (request, reply) => {
        const events = eventsFor(store, request, request.query.owner);
        const { view, headers } = told(await cameraThere(events, request.params.camera_id));
        reply.headers(headers);
        return view;
      },
    );

    api.patch(
      '/api/cameras/:camera_id',
      {
        config: { access: 'user' },
        // Before the body is checked: what is not there is a 404, whatever is said of it.
        preValidation: async (request) => {
          const { camera_id } = request.params as { camera_id: string };
          await cameraThere(eventsFor(store, request), camera_id);
        },
        schema: {
          tags,
          summary: 'Change a camera’s name, time zone, zones, masks or retention',
          description:
            'What is left out stays. Zones and masks are given whole. A job that is at work goes on with those it began with.',
          params: cameraId,
          headers: ifMatch,
          body: cameraChanges,
          response: {
            200: cameraView,
            404: noCamera,
            412: problemOf('Its zones or masks are not as `If-Match` has them.'),
          },
        },
      },
      async (request, reply) => {
        const { camera_id } = request.params;
        const events = eventsFor(store, request);
        const header = request.headers['if-match'];
        const version = versionIn(header, await cameraThere(events, camera_id));
        const camera = await events
          .changeCamera(camera_id, request.body as CameraChanges, version)
          .catch((error: unknown) => {
            // Changed between the two looks.
            if (error instanceof Conflict) versionIn(header, { version: -1 });
            throw error;
          });
        if (!camera) throw notFound('camera', camera_id);
        const { view, headers } = told(camera);
        reply.headers(headers);
        return view;
      },
    );

    api.delete(
      '/api/cameras/:camera_id',
      {
        config: { access: 'user' },
        schema: {
          tags,
          summary: 'Remove a camera with its events, pictures, logs and clips, for good',
          description:
            'So much of it as half a minute allows. Where that is not all, the answer is a 202: ask again until it is a 200. Recordings stay; they go with their sessions.',
          params: cameraId,
          response: {
            200: cameraDeletion.describe('All of it is gone.'),
            202: cameraDeletion.describe('There is more: ask again.'),
            404: noCamera,
            409: problemOf('A job watches it, or will; `detail` names the job.'),
          },
        },
      },
      async (request, reply) => {
        const { camera_id } = request.params;
        const events = eventsFor(store, request);
        const camera = await cameraThere(events, camera_id);
        const job = await openJobOf(dependencies.database, camera.owner, camera_id);
        if (job !== null)
          throw new Conflict(
            `The camera "${camera_id}" was not removed: job ${job} watches it, or will. Cancel that job first, or wait for its end.`,
          );
        const { events: removed, gone } = await deleteSome({ store, objects: dependencies.store }, camera);
        return reply.code(gone ? 200 : 202).send({ camera_id, events: removed, gone });
      },
    );
  };
}
