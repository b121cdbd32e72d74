import type { Value } from '../store/engine.ts';

/** Times travel as ISO 8601 in UTC. */
export const time = (at: string | null): Value => at;

/** Times are read as milliseconds since 1970, which no setting of a session changes. */
const ms = (column: string) => {
  const name = column.slice(column.indexOf('.') + 1);
  return `(extract(epoch FROM ${column}) * 1000)::float8 AS ${name}`;
};

export const eventColumns = [
  ...'owner event_id camera_id time_source end_reason continues job_id motion_confidence detected_objects'.split(
    ' ',
  ),
  ...'zones llm_description described_by image_path json_log_path clip_key clip_from_s clip_to_s'.split(' '),
  ...'reviewed_by keep false_positive'.split(' '),
]
  .map((name) => `e.${name}`)
  .concat(
    ['started_at', 'ended_at', 'last_seen_at', 'reviewed_at', 'created_at', 'updated_at'].map((name) =>
      ms(`e.${name}`),
    ),
  )
  .join(', ');

export const cameraColumns = [
  ...'owner camera_id key name time_zone zones masks version retention_days'
    .split(' ')
    .map((name) => `c.${name}`),
  ...['offline_since', 'created_at', 'updated_at'].map((name) => ms(`c.${name}`)),
].join(', ');

export const recordingColumns = `r.time_source, ${ms('r.started_at')}`;

/** A list as PostgreSQL writes it. */
export function arrayText(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
