import type { CameraEvent } from './event.ts';
import type { StoredEvent } from './event-store.ts';

/** The JSON of an event: its own fields, in one order, and nothing that is not for its users. */
export function toJson(event: StoredEvent): CameraEvent {
  return {
    event_id: event.event_id,
    timestamp: event.timestamp,
    camera_id: event.camera_id,
    motion_confidence: event.motion_confidence,
    detected_objects: event.detected_objects,
    llm_description: event.llm_description,
    image_path: event.image_path,
    json_log_path: event.json_log_path,
    started_at: event.started_at,
    ended_at: event.ended_at,
    zones: event.zones,
    continues: event.continues,
    end_reason: event.end_reason,
    time_source: event.time_source,
    job_id: event.job_id,
    reviewed_by: event.reviewed_by,
    reviewed_at: event.reviewed_at,
    keep: event.keep,
    false_positive: event.false_positive,
    created_at: event.created_at,
    updated_at: event.updated_at,
  };
}
