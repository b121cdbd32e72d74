import type { Mask, StoredCamera, Zone } from '../camera.ts';
import type { DetectedObject } from '../event.ts';
import type { StoredEvent } from '../event-store.ts';
import { labelsOf } from '../words.ts';
import type { Engine, Row, Value } from './engine.ts';

/** Columns of an event by name, without what an engine derives from them. */
export function columnsOf(engine: Engine, event: StoredEvent): Record<string, Value> {
  return {
    event_id: event.event_id,
    camera_id: event.camera_id,
    started_at: engine.time(event.started_at),
    ended_at: engine.time(event.ended_at),
    last_seen_at: engine.time(event.last_seen_at),
    time_source: event.time_source,
    end_reason: event.end_reason,
    continues: event.continues,
    job_id: event.job_id,
    motion_confidence: event.motion_confidence,
    detected_objects: engine.json(event.detected_objects),
    labels: engine.list(labelsOf(event)),
    zones: engine.list(event.zones),
    llm_description: event.llm_description,
    described_by: event.described_by,
    image_path: event.image_path,
    json_log_path: event.json_log_path,
    clip_key: event.clip?.key ?? null,
    clip_from_s: event.clip?.from_s ?? null,
    clip_to_s: event.clip?.to_s ?? null,
    reviewed_by: event.reviewed_by,
    reviewed_at: engine.time(event.reviewed_at),
    keep: engine.flag(event.keep),
    false_positive: engine.flag(event.false_positive),
    created_at: engine.time(event.created_at),
    updated_at: engine.time(event.updated_at),
    ...engine.derived(event),
  };
}

/** Times are read as milliseconds since 1970 from both engines; what PostgreSQL knows as JSON, SQLite has as text. */
export function eventOf(row: Row): StoredEvent {
  const started_at = timeOf(row.started_at) as string;
  return {
    owner: row.owner as string,
    event_id: row.event_id as string,
    timestamp: started_at,
    camera_id: row.camera_id as string,
    motion_confidence: row.motion_confidence as number | null,
    detected_objects: (jsonOf(row.detected_objects) as DetectedObject[]).map(inOrder),
    llm_description: row.llm_description as string | null,
    image_path: row.image_path as string | null,
    json_log_path: row.json_log_path as string | null,
    started_at,
    ended_at: timeOf(row.ended_at),
    zones: jsonOf(row.zones) as string[],
    continues: row.continues as string | null,
    end_reason: row.end_reason as string | null,
    time_source: row.time_source as StoredEvent['time_source'],
    job_id: row.job_id as string | null,
    reviewed_by: row.reviewed_by as string | null,
    reviewed_at: timeOf(row.reviewed_at),
    keep: Boolean(row.keep),
    false_positive: Boolean(row.false_positive),
    created_at: timeOf(row.created_at) as string,
    updated_at: timeOf(row.updated_at) as string,
    clip:
      row.clip_key === null
        ? null
        : {
            key: row.clip_key as string,
            from_s: row.clip_from_s as number,
            to_s: row.clip_to_s as number,
          },
    last_seen_at: timeOf(row.last_seen_at),
    described_by: row.described_by as StoredEvent['described_by'],
  };
}

export function cameraOf(row: Row): StoredCamera {
  return {
    owner: row.owner as string,
    camera_id: row.camera_id as string,
    key: row.key as string,
    name: row.name as string | null,
    time_zone: row.time_zone as string,
    zones: jsonOf(row.zones) as Zone[],
    masks: jsonOf(row.masks) as Mask[],
    version: row.version as number,
    retention_days: row.retention_days as number | null,
    offline_since: timeOf(row.offline_since),
    created_at: timeOf(row.created_at) as string,
    updated_at: timeOf(row.updated_at) as string,
  };
}

export const timeOf = (ms: unknown) => (ms === null ? null : new Date(Number(ms)).toISOString());

const jsonOf = (value: unknown) => (typeof value === 'string' ? JSON.parse(value) : value);

/** Fields as everybody writes them: PostgreSQL keeps those of JSON in an order of its own. */
const inOrder = ({ label, confidence, box: { x, y, width, height } }: DetectedObject): DetectedObject => ({
  label,
  confidence,
  box: { x, y, width, height },
});
