import { createHash } from 'node:crypto';

/** What an event of ours is told apart by: the same of the same camera and source is the same event, however often it is seen. */
export interface EventOrigin {
  camera_id: string;
  /** SHA-256 of the recording; of a live source, the name of its segment or its programme date-time. */
  source: string;
  /** Start in the time of the media itself. */
  media_ms: number;
}

/**
 * UUIDv8 (RFC 9562): 48 bits of the start in milliseconds, so that ids of one camera lie side by side, then as much of the
 * SHA-256 of its origin as there is room for.
 * @throws RangeError for a start before 1970 or after the year 10889, which 48 bits do not hold
 */
export function eventId(startedAt: Date, { camera_id, source, media_ms }: EventOrigin): string {
  const ms = startedAt.getTime();
  if (!(ms >= 0 && ms < 2 ** 48)) throw new RangeError(`No event id for a start at ${ms} ms since 1970.`);
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(ms, 0, 6);
  // As JSON: no two origins are written alike, whatever is in the names.
  const origin = JSON.stringify([camera_id, source, Math.round(media_ms)]);
  createHash('sha256').update(origin).digest().copy(bytes, 6, 0, 10);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
