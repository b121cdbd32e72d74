import {
  makeCameraComputeActivities,
  makeCameraLiveActivities,
  makeCameraMainActivities,
} from '../../activities/camera/camera-activities.ts';
import { cameraRecords } from '../../activities/camera/camera-records.ts';
import { makeCameraUpkeep } from '../../activities/camera/upkeep.ts';
import { decodingPool } from '../../activities/decoding-pool.ts';
import { enterStage } from '../../database/jobs/enter-stage.ts';
import { findJob } from '../../database/jobs/find-job.ts';
import { recordProgress } from '../../database/jobs/record-progress.ts';
import { findSession } from '../../database/sessions/find-session.ts';
import { NotFound } from '../../domain/errors.ts';
import type { CameraSettings } from '../../domain/kinds/camera.ts';
import { cameraTasks } from '../../kinds/camera/child/task-module.ts';
import type { EventStore } from '../../kinds/camera/events/event-store.ts';
import { openEventStore } from '../../kinds/camera/events/open-event-store.ts';
import { openLeases } from '../../kinds/camera/live/database-leases.ts';
import { readModelsFolder } from '../../media/models/models-folder.ts';
import { removeLeftovers } from '../../system/scratch-folder.ts';
import type { KindAtWork, SharedParts } from '../kind-at-work.ts';

/** One for a worker, whichever queue asks first. */
const stores = new WeakMap<object, EventStore>();

function eventsOf({ database, settings, log }: SharedParts): EventStore {
  const known = stores.get(database);
  if (known) return known;
  const opened = openEventStore(settings as CameraSettings, database, log);
  stores.set(database, opened);
  return opened;
}

/** What workers that were killed have left; live sources and recordings are watched in the same folder. */
function clearScratch({ scratch, log }: { scratch: string; log: SharedParts['log'] }): void {
  void removeLeftovers(scratch, 'camera').then((stayed) => {
    if (stayed.length > 0) log.warn({ stayed }, 'Leftovers of earlier watches cannot be removed');
  });
}

export const camera: KindAtWork = {
  records: (parts) =>
    cameraRecords({
      store: parts.store,
      events: eventsOf(parts),
      async ownerOf(jobId) {
        const job = await findJob(parts.database, jobId);
        if (!job) throw new NotFound(`There is no job ${jobId}.`);
        return job.user_id;
      },
      log: parts.log,
    }),
  main: (parts) => ({
    ...makeCameraMainActivities({ store: parts.store, events: eventsOf(parts) }),
    ...makeCameraUpkeep({
      ...parts,
      events: eventsOf(parts),
      findJob: (jobId) => findJob(parts.database, jobId),
    }),
  }),
  schedules: (settings) => [
    {
      workflowType: 'cameraUpkeep',
      every: '10 minutes',
      args: [{ days: (settings as CameraSettings).DOUBLETAKE_CAMERA_RETENTION_DAYS }],
      workflowRunTimeout: '6 hours',
      staticSummary: 'closes what ended jobs left open; removes events past their retention',
    },
    {
      workflowType: 'cameraObjects',
      every: '1 day',
      args: [],
      workflowRunTimeout: '6 hours',
      staticSummary: 'events whose objects are gone no longer name them',
    },
  ],
  tasks: cameraTasks,
  async live({ modelsFolder, settings }) {
    const detector = (await readModelsFolder(modelsFolder))('centernet-coco-512.onnx');
    const camera = settings as CameraSettings;
    return {
      activities(parts) {
        clearScratch(parts);
        return makeCameraLiveActivities({
          ...parts,
          detector,
          events: eventsOf(parts),
          allowPrivate: camera.DOUBLETAKE_CAMERA_PRIVATE_ADDRESSES === 'allow',
          enterStage: (entry) => enterStage(parts.database, entry),
          leases: openLeases(parts.database, { perUser: camera.DOUBLETAKE_CAMERA_LIVE_PER_USER }),
          read: (task, options) => parts.pools[cameraTasks.sandbox].run(task, options),
        });
      },
    };
  },
  async compute({ modelsFolder }) {
    const model = await readModelsFolder(modelsFolder);
    const detector = model('centernet-coco-512.onnx');
    return {
      activities(parts) {
        const { database, limits, pools } = parts;
        clearScratch(parts);
        return makeCameraComputeActivities({
          ...parts,
          events: eventsOf(parts),
          pool: decodingPool(pools[cameraTasks.sandbox]),
          detector,
          chunkFrames: (parts.settings as CameraSettings).DOUBLETAKE_CAMERA_CHUNK_FRAMES,
          limits,
          async uploadOf(sessionId) {
            const session = await findSession(database, sessionId);
            if (!session?.original_key) throw new NotFound(`The recording of session ${sessionId} is gone.`);
            return { at: session.created_at, key: session.original_key };
          },
          recordProgress: (progress) => recordProgress(database, progress),
        });
      },
    };
  },
};
