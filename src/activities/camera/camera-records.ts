import { claimArtifacts } from '../../database/jobs/claim-artifacts.ts';
import { jobPrefix } from '../../domain/artifact.ts';
import type { Promised } from '../../domain/guardrail.ts';
import { mostInResult, type SeenRecording, type StoredResult } from '../../kinds/camera/analysis/result.ts';
import type { EventStore, OwnersEvents, StoredEvent } from '../../kinds/camera/events/event-store.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityLog } from '../activity-log.ts';
import type { KindRecords } from '../kind-records.ts';
import { readWritten } from '../read-written.ts';
import { isWhole, stateOfEvent } from './event-state.ts';
import type { WrittenEvent } from './event-writer.ts';
import { eventsFound } from './events-found.ts';
import type { WrittenWatch } from './finish-recording.ts';
import { readPlan } from './watch-plan.ts';

export interface CameraRecordsNeeds {
  store: Pick<ArtifactStore, 'get' | 'head'>;
  events: EventStore;
  /** Whose job it is. @throws NotFound */
  ownerOf(jobId: string): Promise<string>;
  log: ActivityLog;
}

/** What is promised of an event that is not whole: an object that is nowhere. */
const nowhere = (what: string) => `processing/no-${what}`;

/** What a camera's job promises: that each event which it stored has its row, its picture and its log. */
export function cameraRecords({ store, events, ownerOf, log }: CameraRecordsNeeds): KindRecords {
  async function promisesOf(
    mine: OwnersEvents,
    cameraKey: string,
    found: readonly WrittenEvent[],
  ): Promise<Promised[]> {
    const rows: (StoredEvent | null)[] = [];
    for (const event of found) {
      if (!event.stored || (await stateOfEvent({ store, mine }, cameraKey, event)) === 'deleted') continue;
      rows.push(await mine.findEvent(event.event_id));
    }
    const isLost = rows.some((row) => row === null || !isWhole(row));
    const path = (row: StoredEvent | null, name: 'image_path' | 'json_log_path') =>
      row?.[name] ?? nowhere(name);
    return [
      { name: 'events', fields: [], objects: isLost ? [nowhere('event')] : [] },
      { name: 'images', fields: [], objects: rows.map((row) => path(row, 'image_path')) },
      { name: 'logs', fields: [], objects: rows.map((row) => path(row, 'json_log_path')) },
    ];
  }

  return {
    // Its promises are objects: they are looked for before the transaction, in which a second connection would wait.
    fieldsOf: async () => new Set(),
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
      const found = await eventsFound(store, jobId, written.at);
      const mine = events.of(await ownerOf(jobId));
      const plan = await readPlan(store, jobId);
      const event_ids = found.slice(0, mostInResult.events).map(({ event_id }) => event_id);
      const result: StoredResult = {
        ...recording,
        events_stored_before: found.filter(({ stored }) => !stored).length,
        events_left_out: found.length - event_ids.length,
        event_ids,
      };
      return {
        promises: [
          { name: 'watch', fields: [], objects: [written.seen.key.slice(jobPrefix(jobId).length)] },
          ...(await promisesOf(mine, plan?.camera.key ?? '', found)),
        ],
        result: { ...result },
        write: (tx) => claimArtifacts(tx, jobId, written.artifacts),
      };
    },
  };
}
