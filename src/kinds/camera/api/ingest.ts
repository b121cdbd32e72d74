import { TooLarge } from '../../../domain/errors.ts';
import type { BatchOutcome, OwnersEvents } from '../events/event-store.ts';

/** Rows in one request. */
export const mostRows = 10_000;

/** A body of NDJSON, or of a JSON array; a row of average size has 500 bytes. */
export const mostBatchBytes = 32 * 1024 ** 2;

/** Either what was written in a line, or why it cannot be read. */
export type Row = { value: unknown } | { reason: string };

function refuseTooMany(rows: number): void {
  if (rows <= mostRows) return;
  throw new TooLarge(
    `The batch has ${rows} events, and one request takes ${mostRows} at most. Nothing was stored; send it in parts.`,
  );
}

/** The rows of NDJSON; empty lines are none. @throws TooLarge */
export function rowsOfLines(text: string): Row[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  refuseTooMany(lines.length);
  return lines.map((line) => {
    try {
      return { value: JSON.parse(line) as unknown };
    } catch {
      return { reason: 'is not JSON' };
    }
  });
}

/** The rows of a JSON array. @throws TooLarge */
export function rowsOfArray(values: readonly unknown[]): Row[] {
  refuseTooMany(values.length);
  return values.map((value) => ({ value }));
}

/** Cameras that a key is limited to; null: any. */
export type AllowedCameras = ReadonlySet<string> | null;

/** @param limitedTo what the key says, such as `camera:yard` */
export function camerasIn(limitedTo: readonly string[] | null): AllowedCameras {
  if (limitedTo === null) return null;
  const prefix = 'camera:';
  const own = limitedTo.filter((limit) => limit.startsWith(prefix));
  return new Set(own.map((limit) => limit.slice(prefix.length)));
}

/** An event as a box sends it; one that names no camera is of the camera `default`. */
export function eventOfBox(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return { ...value, camera_id: 'camera_id' in value ? value.camera_id : 'default' };
}

/** Whether a key may post this event. */
export function mayPost(cameras: AllowedCameras, event: unknown): boolean {
  const { camera_id } = (event ?? {}) as { camera_id?: unknown };
  return cameras === null || (typeof camera_id === 'string' && cameras.has(camera_id));
}

/** Stores what can be stored of the rows, and says of the others why not, by their index. */
export async function storeBatch(
  events: Pick<OwnersEvents, 'insertEvents'>,
  rows: readonly Row[],
  cameras: AllowedCameras,
): Promise<BatchOutcome> {
  const failed: BatchOutcome['failed'] = [];
  const sent: { event: unknown; index: number }[] = [];
  for (const [index, row] of rows.entries()) {
    const event = 'reason' in row ? null : eventOfBox(row.value);
    if ('reason' in row) failed.push({ index, reason: row.reason });
    else if (mayPost(cameras, event)) sent.push({ event, index });
    else failed.push({ index, reason: '`camera_id` is not one that this API key is limited to' });
  }
  const stored = await events.insertEvents(sent.map(({ event }) => event));
  for (const { index, reason } of stored.failed) failed.push({ index: sent[index]?.index as number, reason });
  failed.sort((one, other) => one.index - other.index);
  return { ...stored, failed };
}
