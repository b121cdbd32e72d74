import type { KindApi } from '../../../api/kind-api.ts';
import type { CameraOptions } from '../../../domain/kinds/camera.ts';
import type { CameraResult, StoredResult } from '../analysis/result.ts';
import { cameraReport } from '../answers/report.ts';
import { cameraRoutes } from './camera-routes.ts';
import { eventRoutes } from './events.ts';
import { ingestRoutes } from './ingest-routes.ts';
import { mediaRoutes } from './media-routes.ts';
import { readResult } from './read-result.ts';
import { cameraResult } from './schemas.ts';
import { storeOf } from './store-of.ts';
import { streamRoute } from './stream-route.ts';

/** One store for all routes. */
const routes: KindApi['routes'] = async (api, dependencies) => {
  const store = storeOf(dependencies);
  api.addHook('onClose', () => store.close());
  for (const part of [eventRoutes, streamRoute, mediaRoutes, ingestRoutes, cameraRoutes])
    await api.register(part(store), dependencies);
};

export const camera: KindApi = {
  description: 'What happened in front of a camera, in a recording or live.',
  example:
    'A camera’s recording is sent with `-F kind=camera -F \'options={"camera_id":"yard"}\'`, or with `doubletake analyze --kind camera --camera yard recording.mp4`; `/api/events` says what happened.',
  result: cameraResult,
  readResult: async (job, stored, dependencies) => ({
    ...(await readResult(storeOf(dependencies), job, stored as unknown as StoredResult)),
  }),
  report: async ({ result, options }) =>
    result && (options as CameraOptions).url === undefined
      ? cameraReport(result as unknown as CameraResult)
      : null,
  routes,
  links: ({ job_id, phase, options }) => {
    const id = encodeURIComponent((options as CameraOptions).camera_id);
    return {
      ...(phase === 'succeeded' && { report: `/reports/${job_id}` }),
      events: `/api/events?camera_id=${id}`,
      camera: `/api/cameras/${id}`,
    };
  },
};
