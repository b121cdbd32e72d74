import type { SummaryRow } from './event-store.ts';

/** Offsets of time zones are multiples of it. */
const quarterMs = 15 * 60_000;

/** Events of a quarter of an hour, counted by the database. */
export interface Quarter {
  /** Since 1970, in quarters of an hour. */
  quarter: number;
  camera_id: string;
  label: string | null;
  events: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the clocks of a time zone were from UTC, in milliseconds. */
export function offsetMs(timeZone: string, at: number): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
    formats.set(timeZone, format);
  }
  const said = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes, seconds] = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(said) ?? [];
  if (!sign) return 0;
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0)) * 1000;
  return sign === '-' ? -size : size;
}

/** `2026-10-25T02:00:00+01:00`: the hour by the clocks there. The hour that comes twice has two offsets. */
export function localHour(timeZone: string, at: number): string {
  const offset = offsetMs(timeZone, at);
  const hour = new Date(Math.floor((at + offset) / 3_600_000) * 3_600_000).toISOString().slice(0, 19);
  const minutes = Math.abs(Math.round(offset / 60_000));
  const two = (n: number) => String(n).padStart(2, '0');
  return `${hour}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Quarters put together to hours by the clocks where each camera is; by time, then camera, then label, null last. */
export function byHour(quarters: Iterable<Quarter>, zoneOf: (cameraId: string) => string): SummaryRow[] {
  const rows = new Map<string, SummaryRow>();
  const hours = new Map<string, string>();
  for (const { quarter, camera_id, label, events } of quarters) {
    const zone = zoneOf(camera_id);
    const known = `${zone} ${quarter}`;
    const hour = hours.get(known) ?? localHour(zone, quarter * quarterMs);
    hours.set(known, hour);
    const name = JSON.stringify([hour, camera_id, label]);
    const row = rows.get(name);
    if (row) row.events += events;
    else rows.set(name, { hour, camera_id, label, events });
  }
  return [...rows.values()].sort(
    (a, b) => byStart(a, b) || byText(a.camera_id, b.camera_id) || byLabel(a.label, b.label),
  );
}

const byStart = (a: SummaryRow, b: SummaryRow) => Date.parse(a.hour) - Date.parse(b.hour);
const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const byLabel = (a: string | null, b: string | null) =>
  a === null || b === null ? Number(a === null) - Number(b === null) : byText(a, b);
