import { claimArtifacts } from '../../database/jobs/claim-artifacts.ts';
import { jobPrefix } from '../../domain/artifact.ts';
import type { Promised } from '../../domain/guardrail.ts';
import { mostInResult, type SeenRecording, type StoredResult } from '../../kinds/camera/analysis/result.ts';
import type { EventStore, StoredEvent } from '../../kinds/camera/events/event-store.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityLog } from '../activity-log.ts';
import type { KindRecords } from '../kind-records.ts';
import { readWritten } from '../read-written.ts';
import { eventsFound } from './events-found.ts';
import type { WrittenWatch } from './finish-recording.ts';

export interface CameraRecordsNeeds {
  store: Pick<ArtifactStore, 'get'>;
  events: EventStore;
  /** Whose job it is. @throws NotFound */
  ownerOf(jobId: string): Promise<string>;
  log: ActivityLog;
}

/** What a camera's job promises: that each event which it stored has its row, its picture and its log. */
export function cameraRecords({ store, events, ownerOf, log }: CameraRecordsNeeds): KindRecords {
  async function rowsOf(jobId: string): Promise<StoredEvent[]> {
    const rows: StoredEvent[] = [];
    for await (const row of events.eventsOfJob(await ownerOf(jobId), jobId)) rows.push(row);
    return rows;
  }

  return {
    /** The ids of the events that are whole. */
    fieldsOf: async (jobId) => new Set((await rowsOf(jobId)).filter(isWhole).map(({ event_id }) => event_id)),
    // The result is written in the transition to `done`.
    resultOf: async () => ({}),
    async onCompleted({ job_id, status, result }) {
      const { camera_id, events_found } = (result ?? {}) as Partial<StoredResult>;
      log.info({ job_id, status_after: status, camera_id, events_found }, '[PERSISTED] Recording watched');
    },
    whichKeysAreClaimed: (keys) => events.whichKeysAreClaimed(keys),
    async openWritten(jobId: string, written: WrittenWatch) {
      const seen = await readWritten<SeenRecording & { event_ids: string[] }>(store, written.seen);
      const { event_ids: _, ...recording } = seen;
      const found = await eventsFound(store, jobId, written.last_chunk);
      const rows = await rowsOf(jobId);
      const promises: Promised[] = [
        { name: 'watch', fields: [], objects: [written.seen.key.slice(jobPrefix(jobId).length)] },
        {
          name: 'events',
          fields: found.filter(({ stored }) => stored).map(({ event_id }) => event_id),
          objects: [],
        },
        { name: 'images', fields: [], objects: rows.map(({ image_path }) => image_path ?? 'none/none') },
        { name: 'logs', fields: [], objects: rows.map(({ json_log_path }) => json_log_path ?? 'none/none') },
      ];
      const event_ids = found.slice(0, mostInResult.events).map(({ event_id }) => event_id);
      const result: StoredResult = {
        ...recording,
        events_stored_before: found.filter(({ stored }) => !stored).length,
        events_left_out: found.length - event_ids.length,
        event_ids,
      };
      return {
        promises,
        result: { ...result },
        write: (tx) => claimArtifacts(tx, jobId, written.artifacts),
      };
    },
  };
}

/** Closed, with its picture and its log. */
export function isWhole({ ended_at, image_path, json_log_path }: StoredEvent): boolean {
  return ended_at !== null && image_path !== null && json_log_path !== null;
}
