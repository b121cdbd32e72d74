import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Provenance } from '../../domain/provenance.ts';
import { describe } from '../../kinds/camera/analysis/describe.ts';
import { zonesOf } from '../../kinds/camera/analysis/zones.ts';
import type { ChunkEvent } from '../../kinds/camera/child/watch-recording.ts';
import type { Zone } from '../../kinds/camera/events/camera.ts';
import type { EventChanges, TimeSource } from '../../kinds/camera/events/event.ts';
import { eventId } from '../../kinds/camera/events/event-id.ts';
import { eventObjectKey } from '../../kinds/camera/events/event-objects.ts';
import type { OwnersEvents } from '../../kinds/camera/events/event-store.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

export interface EventWriterNeeds {
  mine: OwnersEvents;
  store: Pick<ArtifactStore, 'put'>;
  signal: AbortSignal;
  job_id: string;
  camera: { camera_id: string; key: string; zones: readonly Zone[] };
  /** When the video's own time was 0, ms since 1970. */
  originMs: number;
  time_source: TimeSource;
  source_sha256: string;
  /** S3 key of the video. */
  videoKey: string;
  provenance: Provenance;
}

/** Whether the event is of this job, or was stored by another before. */
export interface WrittenEvent {
  event_id: string;
  stored: boolean;
}

/**
 * Writes what a chunk knows of its events: first the objects, then the row that names them. Writing the same again changes
 * nothing, since a repeated chunk knows the same.
 */
export class EventWriter {
  readonly #needs: EventWriterNeeds;

  constructor(needs: EventWriterNeeds) {
    this.#needs = needs;
  }

  /**
   * @param folder where its picture lies
   * @throws DatabaseWriteError, StorageUnavailable, StorageRefused
   */
  async write(seen: ChunkEvent, folder: string): Promise<WrittenEvent> {
    const { mine, signal, job_id, camera, time_source } = this.#needs;
    signal.throwIfAborted();
    const { event, opened } = seen;
    const event_id = this.#idOf(event.start_s);
    const known = await mine.findEvent(event_id);
    if (known && known.job_id !== job_id && !opened) return { event_id, stored: false };
    if (known?.job_id !== job_id) {
      const isNew = await mine.insertEvent({
        event_id,
        camera_id: camera.camera_id,
        started_at: this.#at(event.start_s),
        time_source,
        job_id,
        motion_confidence: event.motion_confidence,
        last_seen_at: this.#at(event.last_s),
        continues: event.continues_s === null ? null : this.#idOf(event.continues_s),
      });
      if (!isNew) return { event_id, stored: false };
    }
    await mine.updateOpenEvent(event_id, job_id, await this.#changes(event_id, seen, folder));
    return { event_id, stored: true };
  }

  async #changes(
    event_id: string,
    { event, closed, picture }: ChunkEvent,
    folder: string,
  ): Promise<EventChanges> {
    const { camera, videoKey } = this.#needs;
    const { motion_confidence, detected_objects, motion_box, start_s } = event;
    const zones = zonesOf(camera.zones, detected_objects, motion_box);
    const changes: EventChanges = {
      motion_confidence,
      detected_objects,
      zones,
      last_seen_at: this.#at(event.last_s),
      llm_description: describe({
        detected_objects,
        zones,
        motion_confidence,
        duration_s: closed && closed.end_s - start_s,
        continues: event.continues_s !== null,
      }),
    };
    if (picture) {
      const image_path = eventObjectKey(camera.key, event_id, 'picture.jpg');
      await this.#put(image_path, await readFile(join(folder, picture)), 'image/jpeg');
      changes.image_path = image_path;
    }
    if (!closed) return changes;
    const json_log_path = eventObjectKey(camera.key, event_id, 'log.json');
    await this.#put(json_log_path, this.#log(event_id, event, closed), 'application/json');
    return {
      ...changes,
      json_log_path,
      ended_at: this.#at(closed.end_s),
      end_reason: closed.reason,
      clip: { key: videoKey, from_s: start_s, to_s: closed.end_s },
    };
  }

  #log(event_id: string, event: ChunkEvent['event'], closed: NonNullable<ChunkEvent['closed']>): string {
    const { camera, provenance, time_source } = this.#needs;
    return JSON.stringify({
      event_id,
      camera_id: camera.camera_id,
      started_at: this.#at(event.start_s),
      ended_at: this.#at(closed.end_s),
      end_reason: closed.reason,
      time_source,
      picture_at: this.#at(event.picture_s),
      seconds: { start: event.start_s, end: closed.end_s, picture: event.picture_s },
      motion: { confidence: event.motion_confidence, box: event.motion_box },
      detected_objects: event.detected_objects,
      measured: event.log,
      provenance,
    });
  }

  async #put(key: string, body: Uint8Array | string, mediaType: string): Promise<void> {
    this.#needs.signal.throwIfAborted();
    await this.#needs.store.put(key, body, { mediaType });
  }

  #at(seconds: number): string {
    return new Date(Math.round(this.#needs.originMs + seconds * 1000)).toISOString();
  }

  #idOf(start_s: number): string {
    const { camera, source_sha256 } = this.#needs;
    return eventId(new Date(this.#at(start_s)), {
      camera_id: camera.camera_id,
      source: source_sha256,
      media_ms: start_s * 1000,
    });
  }
}
