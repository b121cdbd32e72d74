import { readFile } from 'node:fs/promises';
import type { Provenance } from '../../domain/provenance.ts';
import { describe } from '../../kinds/camera/analysis/describe.ts';
import type { WatchedEvent } from '../../kinds/camera/analysis/watch.ts';
import { zonesOf } from '../../kinds/camera/analysis/zones.ts';
import type { Zone } from '../../kinds/camera/events/camera.ts';
import type { ClipSource, EventChanges, TimeSource } from '../../kinds/camera/events/event.ts';
import { eventObjectKey } from '../../kinds/camera/events/event-objects.ts';
import type { OwnersEvents, StoredEvent } from '../../kinds/camera/events/event-store.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

export interface EventWriterNeeds {
  mine: OwnersEvents;
  store: Pick<ArtifactStore, 'put'>;
  signal: AbortSignal;
  job_id: string;
  camera: { camera_id: string; key: string; zones: readonly Zone[] };
  provenance: Provenance;
}

/** What is known of an event now; times are ISO 8601 in UTC. */
export interface EventNow {
  event_id: string;
  started_at: string;
  time_source: TimeSource;
  /** When the last of it was seen. */
  last_seen_at: string;
  /** The event that this one continues. */
  continues: string | null;
  watched: WatchedEvent;
  /** Whether it is new in this telling. */
  opened: boolean;
  closed: { ended_at: string; reason: string; clip: ClipSource | null } | null;
  /** A JPEG on this machine that shows it better than the one before; null where there is none. */
  picture: string | null;
}

/** Whether the event is of this job, or was stored by another before. */
export interface WrittenEvent {
  event_id: string;
  stored: boolean;
}

/**
 * Writes what is known of events: first the objects, then the row that names them. Writing the same again changes nothing,
 * since whoever repeats a watch knows the same.
 */
export class EventWriter {
  readonly #needs: EventWriterNeeds;

  constructor(needs: EventWriterNeeds) {
    this.#needs = needs;
  }

  /** @throws DatabaseWriteError, StorageUnavailable, StorageRefused */
  async write(event: EventNow): Promise<WrittenEvent> {
    const { mine, signal, job_id, camera } = this.#needs;
    signal.throwIfAborted();
    const { event_id, started_at, time_source, continues, last_seen_at, opened } = event;
    const known = await mine.findEvent(event_id);
    const isMine = known?.job_id === job_id || (await this.#adopts(known));
    // An event that somebody has deleted since it began does not come back.
    if (!isMine && !opened) return { event_id, stored: false };
    if (!isMine) {
      const isNew = await mine.insertEvent({
        ...{ event_id, started_at, time_source, continues, last_seen_at, job_id },
        camera_id: camera.camera_id,
        motion_confidence: event.watched.motion_confidence,
      });
      if (!isNew) return { event_id, stored: false };
    }
    await mine.updateOpenEvent(event_id, job_id, await this.#changes(event));
    return { event_id, stored: true };
  }

  /** An event that was cut off when the job before was stopped belongs to whoever sees it to its end. */
  async #adopts(known: StoredEvent | null): Promise<boolean> {
    const { mine, job_id } = this.#needs;
    return known?.end_reason === 'stopped' && (await mine.adoptStoppedEvent(known.event_id, job_id));
  }

  async #changes(event: EventNow): Promise<EventChanges> {
    const { camera } = this.#needs;
    const { event_id, watched, closed, picture, started_at, last_seen_at } = event;
    const { motion_confidence, detected_objects, motion_box } = watched;
    const zones = zonesOf(camera.zones, detected_objects, motion_box);
    const changes: EventChanges = {
      ...{ motion_confidence, detected_objects, zones, last_seen_at },
      llm_description: describe({
        ...{ detected_objects, zones, motion_confidence },
        duration_s: closed && (Date.parse(closed.ended_at) - Date.parse(started_at)) / 1000,
        continues: event.continues !== null,
      }),
    };
    if (picture) {
      const image_path = eventObjectKey(camera.key, event_id, 'picture.jpg');
      await this.#put(image_path, await readFile(picture), 'image/jpeg');
      changes.image_path = image_path;
    }
    if (!closed) return changes;
    const json_log_path = eventObjectKey(camera.key, event_id, 'log.json');
    await this.#put(json_log_path, this.#log(event), 'application/json');
    const { ended_at, reason: end_reason, clip } = closed;
    return { ...changes, json_log_path, ended_at, end_reason, clip };
  }

  #log({ event_id, watched, started_at, time_source, closed }: EventNow): string {
    const { camera, provenance } = this.#needs;
    const { start_s, picture_s } = watched;
    return JSON.stringify({
      ...{ event_id, camera_id: camera.camera_id, started_at, time_source },
      ended_at: closed?.ended_at,
      end_reason: closed?.reason,
      picture_at: new Date(Date.parse(started_at) + Math.round((picture_s - start_s) * 1000)).toISOString(),
      seconds: { start: start_s, picture: picture_s },
      motion: { confidence: watched.motion_confidence, box: watched.motion_box },
      detected_objects: watched.detected_objects,
      measured: watched.log,
      provenance,
    });
  }

  async #put(key: string, body: Uint8Array | string, mediaType: string): Promise<void> {
    this.#needs.signal.throwIfAborted();
    await this.#needs.store.put(key, body, { mediaType });
  }
}
