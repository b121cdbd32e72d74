import { InvalidRequest } from '../../../../domain/errors.ts';
import { isTimeZone } from '../checks/camera-changes.ts';
import type { EventFilter, SummaryRow } from '../event-store.ts';
import { byHour, type Quarter } from '../local-hours.ts';
import { listCameras } from './cameras.ts';
import type { Engine } from './engine.ts';

/** Lines that one answer holds. */
const mostLines = 50_000;

/** The database counts by quarters of an hour, which are the same for everybody; hours depend on where the clocks are. */
export async function summary(
  engine: Engine,
  owner: string,
  filter: EventFilter,
  timeZone: string | undefined,
  most = mostLines,
): Promise<SummaryRow[]> {
  if (timeZone !== undefined && !isTimeZone(timeZone))
    throw new InvalidRequest(`\`tz\` is not a time zone such as Europe/Berlin.`, 'tz');
  const { from, conditions, values } = await engine.search(owner, filter, new Date());
  const rows = await engine.rows(
    `SELECT ${engine.quarter} AS quarter, e.camera_id, l.value AS label, count(*) AS events FROM ${from} ${engine.eachLabel}
      WHERE ${conditions.join(' AND ')} GROUP BY 1, 2, 3 LIMIT ?`,
    [...values, 4 * most + 1],
  );
  // An hour has four quarters, so these are certainly too many.
  if (rows.length > 4 * most) throw tooLong(most);
  const zones = new Map(
    (await listCameras(engine, owner)).map((camera) => [camera.camera_id, camera.time_zone]),
  );
  const quarters = rows.map(({ quarter, camera_id, label, events }) => ({
    quarter: Number(quarter),
    camera_id,
    label,
    events: Number(events),
  }));
  const lines = byHour(quarters as Quarter[], (cameraId) => timeZone ?? zones.get(cameraId) ?? 'UTC');
  if (lines.length > most) throw tooLong(most);
  return lines;
}

const tooLong = (most: number) =>
  new InvalidRequest(
    `The summary has more than ${most.toLocaleString('en')} lines, the most of one answer. Narrow it by after and before.`,
    'after',
  );
