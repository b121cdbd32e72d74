import type { ChangePoint } from '../event-store.ts';
import { readPoint } from '../store/changes.ts';

/**
 * How far a stream has come: it has had what `seen` sees. Where more was changed than one answer holds, it is in the
 * middle of what `until` sees besides, after `after`.
 */
export interface Point {
  seen: string;
  until?: string;
  after?: readonly [transaction: string, eventId: string];
}

export function writePoint({ seen, until, after }: Point): ChangePoint {
  return JSON.stringify(until === undefined || !after ? [seen] : [seen, until, ...after]);
}

/** @throws InvalidRequest for a point that no stream gave out */
export function parsePoint(point: ChangePoint): Point {
  return readPoint(point, (fields) => {
    if (!Array.isArray(fields) || !fields.every((field) => typeof field === 'string')) return undefined;
    const [seen, until, transaction, eventId] = fields as string[];
    if (!isSnapshot(seen)) return undefined;
    if (fields.length === 1) return { seen };
    if (fields.length !== 4 || !isSnapshot(until) || !isNumber(transaction)) return undefined;
    return { seen, until, after: [transaction, eventId ?? ''] };
  });
}

const isNumber = (text: string | undefined): text is string =>
  /^\d{1,19}$/.test(text ?? '') && BigInt(text as string) < 2n ** 63n;

/** As PostgreSQL writes a `pg_snapshot`: xmin:xmax:those in progress, in order and between the two. */
function isSnapshot(text: string | undefined): text is string {
  const [, xmin, xmax, list] = /^(\d{1,19}):(\d{1,19}):((?:\d{1,19},)*\d{1,19})?$/.exec(text ?? '') ?? [];
  if (!isNumber(xmin) || !isNumber(xmax)) return false;
  const numbers = [xmin, ...(list?.split(',') ?? [])].map(BigInt);
  return (
    BigInt(xmin) > 0n &&
    BigInt(xmin) <= BigInt(xmax) &&
    numbers.every((n, at) => (at < 2 ? n >= BigInt(xmin) : n > (numbers[at - 1] as bigint))) &&
    numbers.slice(1).every((n) => n < BigInt(xmax))
  );
}
