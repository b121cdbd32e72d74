import { whileHeartbeating } from '../while-heartbeating.ts';
import { writerFor } from '../write-artifact.ts';
import type { CameraJob, CameraNeeds } from './camera-needs.ts';
import { planName, readPlan, type WatchPlan } from './watch-plan.ts';

/** For the history and for operators. */
export interface PlannedWatch {
  camera_id: string;
  started_at: string;
  time_source: string;
  duration_s: number | null;
  width: number;
  height: number;
  codec: string;
}

/**
 * When the recording began, and by which zones and masks it is watched. Written once a job: a retry works by the same.
 * @throws UnreadableMedia, TooLarge, DatabaseWriteError
 */
export function makePlanWatch(needs: CameraNeeds) {
  const { store, events, fetchOriginal, pool, limits, uploadOf } = needs;

  async function plan(job: CameraJob, signal: AbortSignal): Promise<WatchPlan> {
    const { job_id, session_id, file_name: fileName, user_id, options } = job;
    const before = await readPlan(store, job_id);
    if (before) return before;
    const { path, sha256 } = await fetchOriginal(session_id, signal);
    const recording = await pool.run({ task: 'cameraInspect', path, fileName, limits }, { signal });
    const mine = events.of(user_id);
    const camera = await mine.ensureCamera(options.camera_id);
    const { at, time_source } = await mine.recordingStart(
      options.camera_id,
      sha256,
      options.recorded_at
        ? { at: new Date(options.recorded_at), time_source: 'recorded_at' }
        : recording.creation_time
          ? { at: new Date(recording.creation_time), time_source: 'creation_time' }
          : { at: (await uploadOf(session_id)).at, time_source: 'upload' },
    );
    const { camera_id, key, time_zone, version, zones, masks } = camera;
    return {
      source_sha256: sha256,
      recording,
      started_at: at.toISOString(),
      time_source,
      camera: { camera_id, key, time_zone, version, zones, masks },
    };
  }

  return (job: CameraJob): Promise<PlannedWatch> =>
    whileHeartbeating(async (signal) => {
      const planned = await plan(job, signal);
      const { put } = writerFor(needs, job.job_id, 'processing', signal);
      await put(planName, JSON.stringify(planned), 'application/json');
      const { camera, started_at, time_source, recording } = planned;
      const { duration_s, width, height, codec } = recording;
      return { camera_id: camera.camera_id, started_at, time_source, duration_s, width, height, codec };
    });
}
