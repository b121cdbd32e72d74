import type { StoredEvent } from '../event-store.ts';
import type { Value } from '../store/engine.ts';
import { labelsOf, wordsOfEvent } from '../words.ts';

/** Times are milliseconds since 1970. */
export const time = (at: string | null): Value => (at === null ? null : Date.parse(at));

/** What an event is found by, told apart by a letter. */
export const terms = {
  word: (word: string) => `w:${word}`,
  label: (label: string) => `l:${label}`,
  zone: (zone: string) => `z:${zone}`,
  camera: (cameraId: string) => `c:${cameraId}`,
};

export function termsOf(event: StoredEvent): string[] {
  return [
    ...wordsOfEvent(event).map(terms.word),
    ...labelsOf(event).map(terms.label),
    ...[...new Set(event.zones)].map(terms.zone),
    terms.camera(event.camera_id),
  ];
}

export const eventColumns = [
  ...'owner event_id camera_id started_at ended_at last_seen_at time_source end_reason continues job_id'.split(
    ' ',
  ),
  ...'motion_confidence detected_objects zones llm_description described_by image_path json_log_path'.split(
    ' ',
  ),
  ...'clip_key clip_from_s clip_to_s reviewed_by reviewed_at keep false_positive created_at updated_at'.split(
    ' ',
  ),
]
  .map((name) => `e.${name}`)
  .join(', ');
