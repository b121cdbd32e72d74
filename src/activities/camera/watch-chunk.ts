import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { artifactKey } from '../../domain/artifact.ts';
import { ObjectMissing, UnreadableMedia } from '../../domain/errors.ts';
import type { Provenance } from '../../domain/provenance.ts';
import { watchRevision } from '../../kinds/camera/analysis/create-watcher.ts';
import { inScratchFolder } from '../../system/scratch-folder.ts';
import { progressReporter } from '../progress-reporter.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { writerFor } from '../write-artifact.ts';
import type { CameraJob, CameraNeeds } from './camera-needs.ts';
import { type Checkpoint, Checkpoints, chunkName } from './checkpoints.ts';
import { EventWriter, type WrittenEvent } from './event-writer.ts';
import { recordedEvent } from './recorded-event.ts';
import { planName, readPlan, type WatchPlan } from './watch-plan.ts';

/** Seconds after which an event is closed, and what goes on continues it. */
export const maxDuration = 600;

/** What one chunk found. */
export interface ChunkFile {
  chunk: number;
  events: WrittenEvent[];
}

export interface ChunkJob extends CameraJob {
  /** The number of the chunk, from 0; one that was watched before is not watched again. */
  chunk: number;
}

/**
 * Watches the next chunk of a recording. Its events are in the database when it returns, with their pictures in S3.
 * @returns where the watch stands now: after this chunk, or after a later one that was finished before
 * @throws UnreadableMedia when the recording has not one frame; TooLarge, DecoderCrashed, DatabaseWriteError
 */
export function makeWatchChunk(needs: CameraNeeds) {
  const { store, events, fetchOriginal, pool, detector, limits, scratch, uploadOf, recordProgress } = needs;

  return (job: ChunkJob): Promise<Checkpoint> =>
    whileHeartbeating(async (signal, detail) => {
      const { job_id, attempt, session_id, file_name: fileName, user_id, chunk } = job;
      const plan = await readPlan(store, job_id);
      if (!plan) throw new ObjectMissing(artifactKey(job_id, 'processing', planName));
      const provenance = provenanceOf(needs, plan);
      const madeWith = createHash('sha256').update(JSON.stringify(provenance)).digest('hex').slice(0, 8);
      const checkpoints = new Checkpoints(store, job_id, madeWith);
      const before = await checkpoints.newest();
      if (before && (before.at.chunk >= chunk || before.at.ended)) return before.at;

      const { path } = await fetchOriginal(session_id, signal);
      const { key: videoKey } = await uploadOf(session_id);
      const { masks } = plan.camera;
      const total = Math.max(1, Math.round(plan.recording.duration_s ?? 1));
      const report = progressReporter(recordProgress, {
        ...{ job_id, attempt, pass: 'processing', part: 0, total, from_pct: 0, to_pct: 95 },
      });
      return inScratchFolder(scratch, 'camera', async (folder) => {
        const savedPath = join(folder, 'before.bin');
        if (before) await writeFile(savedPath, await before.saved());
        const seen = await pool.run(
          {
            task: 'cameraWatch',
            ...{ path, fileName, limits, detector, folder },
            settings: { motionMasks: masks.map(({ polygon }) => polygon), maxDuration },
            hidden: masks.filter(({ purpose }) => purpose === 'privacy').map(({ polygon }) => polygon),
            before: before && before.at.last_s !== null ? { last_s: before.at.last_s, savedPath } : null,
            frames: needs.chunkFrames,
          },
          {
            signal,
            onProgress({ frames, at_s }) {
              detail({ chunk, frames, at_s });
              report(Math.min(total, Math.round(at_s)));
            },
          },
        );
        if (seen.last_s === null) {
          throw new UnreadableMedia(
            `Not one frame of ${fileName} could be decoded; the file is damaged. Export it again and upload that.`,
          );
        }
        const writer = new EventWriter({
          ...{ mine: events.of(user_id), store, signal, job_id, provenance },
          camera: plan.camera,
        });
        const written: WrittenEvent[] = [];
        for (const event of seen.events)
          written.push(await writer.write(recordedEvent(plan, event, folder, videoKey)));
        const opened = written.filter((_, at) => seen.events[at]?.opened);
        const n = before ? before.at.chunk + 1 : 0;
        const files = writerFor(needs, job_id, 'processing', signal);
        const found: ChunkFile = { chunk: n, events: opened };
        await files.put(chunkName(madeWith, n), JSON.stringify(found), 'application/json');
        const at: Checkpoint = {
          made_with: madeWith,
          chunk: n,
          last_s: seen.last_s,
          ended: seen.ended,
          frames: (before?.at.frames ?? 0) + seen.frames,
          corrupt_frames: (before?.at.corrupt_frames ?? 0) + seen.corrupt_frames,
          scene_changes: seen.scene_changes,
          events: (before?.at.events ?? 0) + opened.length,
          duplicates: (before?.at.duplicates ?? 0) + opened.filter(({ stored }) => !stored).length,
        };
        await checkpoints.write(files, at, await readFile(join(folder, seen.saved)));
        return at;
      });
    });
}

/** Everything that can change an event of the recording. */
export function provenanceOf(
  { detector, softwareVersion }: Pick<CameraNeeds, 'detector' | 'softwareVersion'>,
  { source_sha256, camera, started_at }: WatchPlan,
): Provenance {
  return {
    software: { name: 'doubletake', version: `${softwareVersion}+watch.${watchRevision}` },
    models: [{ name: 'centernet-coco-512', sha256: detector.sha256 }],
    parameters: {
      ...{ camera_id: camera.camera_id, started_at, zones: camera.zones, masks: camera.masks },
      max_duration_s: maxDuration,
    },
    source_sha256,
  };
}
