import { createReadStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StageEntry } from '../../database/jobs/enter-stage.ts';
import { artifactKey } from '../../domain/artifact.ts';
import { DoubletakeError } from '../../domain/errors.ts';
import type { CameraOptions } from '../../domain/kinds/camera.ts';
import type { Provenance } from '../../domain/provenance.ts';
import { watchRevision } from '../../kinds/camera/analysis/create-watcher.ts';
import type { ClipSource } from '../../kinds/camera/events/event.ts';
import { eventId } from '../../kinds/camera/events/event-id.ts';
import { eventObjectKey } from '../../kinds/camera/events/event-objects.ts';
import type { EventStore } from '../../kinds/camera/events/event-store.ts';
import type { LiveChange, LiveEventChange, LivePosition } from '../../kinds/camera/live/live-change.ts';
import { type LiveEnd, type WatchLiveNeeds, watchLive } from '../../kinds/camera/live/watch-live.ts';
import type { ModelFile } from '../../media/models/load-model.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { inScratchFolder } from '../../system/scratch-folder.ts';
import type { JobReference } from '../job-reference.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { closeEvents } from './close-events.ts';
import { type EventNow, EventWriter } from './event-writer.ts';
import { makeFirstReading } from './first-reading.ts';
import { maxDuration } from './watch-chunk.ts';

/** An activity may last a day; this one gives its place up before, and is asked again. */
const longestMs = 20 * 3_600_000;
/** How soon a change of zones or masks counts. */
const lookForChangesMs = 5000;

export interface WatchSourceNeeds extends WatchLiveNeeds<ModelFile> {
  store: ArtifactStore;
  events: EventStore;
  softwareVersion: string;
  /** @throws StaleAttempt */
  enterStage(entry: StageEntry): Promise<unknown>;
}

export interface SourceJob extends JobReference {
  user_id: string;
  options: CameraOptions;
}

/**
 * Watches a live source until its job is cancelled. Its events are written as they happen.
 * @returns `wait` where it cannot be read now, or `stopped` where it is to be asked again
 */
export function makeWatchSource(needs: WatchSourceNeeds) {
  const { store, events, detector, softwareVersion, enterStage } = needs;

  return (job: SourceJob): Promise<LiveEnd> =>
    whileHeartbeating(async (cancelled, detail) => {
      const { job_id, attempt, user_id: owner, options } = job;
      const mine = events.of(owner);
      const camera = await mine.ensureCamera(options.camera_id);
      const changed = new AbortController();
      const signal = AbortSignal.any([cancelled, changed.signal, AbortSignal.timeout(longestMs)]);
      const positionKey = artifactKey(job_id, 'processing', 'position.json');
      const provenance: Provenance = {
        software: { name: 'doubletake', version: `${softwareVersion}+watch.${watchRevision}` },
        models: [{ name: 'centernet-coco-512', sha256: detector.sha256 }],
        parameters: { camera_id: camera.camera_id, zones: camera.zones, masks: camera.masks },
        source_sha256: '',
      };
      // What was seen is written to its end, also while the job is being cancelled.
      const writer = new EventWriter({
        ...{ mine, store, signal: new AbortController().signal, job_id, camera, provenance },
      });
      const sinceFirstReading = makeFirstReading(mine, camera.camera_id);
      /** By the key of the source: the id in the database. */
      const ids = new Map<string, string>();

      const clipOf = async (id: string, change: LiveEventChange): Promise<ClipSource | null> => {
        if (change.change !== 'closed' || !change.clip) return null;
        const { path, from_s, to_s } = change.clip;
        const key = eventObjectKey(camera.key, id, 'clip.mp4');
        await store.putStream(key, createReadStream(path), { mediaType: 'video/mp4' });
        return { key, from_s, to_s };
      };
      const take = async (change: LiveChange): Promise<void> => {
        if (change.change === 'position') {
          await store.put(positionKey, JSON.stringify(change.position), { mediaType: 'application/json' });
        } else if (change.change === 'state') {
          detail({ state: change.state, since: change.since });
          await mine.setOffline(camera.camera_id, change.state === 'offline' ? new Date(change.since) : null);
        } else {
          const event = await sinceFirstReading(change);
          const event_id = idOf(camera.camera_id, event);
          ids.set(change.event.key, event_id);
          await writer.write(await eventNow(event_id, event));
          if (change.change === 'closed') ids.delete(change.event.key);
        }
      };
      const eventNow = async (event_id: string, change: LiveEventChange): Promise<EventNow> => {
        const { event, picture } = change;
        const { started_at, last_seen_at, time_source, continues, watched } = event;
        return {
          ...{ event_id, started_at, last_seen_at, time_source, watched, picture },
          continues: continues === null ? null : (ids.get(continues) ?? null),
          opened: change.change === 'opened',
          closed:
            change.change === 'closed'
              ? {
                  ended_at: change.ended_at,
                  reason: change.reason,
                  clip: await clipOf(event_id, change),
                }
              : null,
        };
      };

      // New zones and masks count from the next few seconds on: the watch begins anew with them.
      const looking = setInterval(async () => {
        const now = await mine.findCamera(camera.camera_id).catch(() => camera);
        if (now?.version !== camera.version || now.key !== camera.key) changed.abort();
      }, lookForChangesMs);
      const position = await readPosition(store, positionKey);
      const end = await inScratchFolder(needs.scratch, 'camera', (scratch) =>
        watchLive(
          { ...needs, scratch },
          {
            ...{ owner, job_id, camera_id: camera.camera_id, url: options.url as string },
            settings: { motionMasks: camera.masks.map(({ polygon }) => polygon), maxDuration },
            hidden: camera.masks.filter(({ purpose }) => purpose === 'privacy').map(({ polygon }) => polygon),
            position,
          },
          {
            signal,
            begin: async () => {
              await enterStage({
                job_id,
                attempt,
                stage: 'WATCHING',
                why: 'the camera is this job’s to read',
              });
              // By a worker that was lost. What is read once more is found under its id, and goes on.
              await closeEvents({ events, store }, { user_id: owner, job_id }, 'stopped');
            },
            on: (change) => untilTaken(() => take(change), signal),
          },
        ),
      ).finally(() => clearInterval(looking));
      if (end.end === 'stopped') await mine.setOffline(camera.camera_id, null);
      cancelled.throwIfAborted();
      return end;
    });
}

/**
 * What was seen cannot be seen again: while a database or S3 is away, its change waits, and those after it.
 * @throws what no waiting cures; what stands in the way when the watch is to end
 */
async function untilTaken(take: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let waitMs = 500; ; waitMs = Math.min(2 * waitMs, 10_000)) {
    try {
      return await take();
    } catch (error) {
      if (!(error instanceof DoubletakeError) || !error.retryable || signal.aborted) throw error;
      await sleep(waitMs, undefined, { signal }).catch(() => {});
    }
  }
}

function idOf(camera_id: string, { event }: LiveEventChange): string {
  const { started_at, source, media_start_s } = event;
  return eventId(new Date(started_at), { camera_id, source, media_ms: media_start_s * 1000 });
}

async function readPosition(
  store: Pick<ArtifactStore, 'head' | 'get'>,
  key: string,
): Promise<LivePosition | null> {
  if (!(await store.head(key))) return null;
  return JSON.parse((await store.get(key)).toString()) as LivePosition;
}
