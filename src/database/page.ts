import { InvalidRequest } from '../domain/errors.ts';
import { isUuid } from '../domain/uuid.ts';

export interface Page<T> {
  items: T[];
  /** Hand it back as `cursor` for the next page; null on the last one. */
  next_cursor: string | null;
}

/** Where a page ended: newest first, the id decides among equals. */
export interface Position {
  created_at: Date;
  id: string;
}

/** `$or` for rows after the position, in descending order of (created_at, `idName`). */
export function after(position: Position, idName: string): Record<string, unknown> {
  const { created_at, id } = position;
  return { $or: [{ created_at: { $lt: created_at } }, { created_at, [idName]: { $lt: id } }] };
}

/** One row more than the page was read: it tells that there is a next page. */
export function pageOf<Row, T>(
  rows: Row[],
  limit: number,
  view: (row: Row) => T,
  positionOf: (row: Row) => Position,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next_cursor = rows.length > limit && last ? encodeCursor(positionOf(last)) : null;
  return { items: shown.map(view), next_cursor };
}

function encodeCursor({ created_at, id }: Position): string {
  return Buffer.from(JSON.stringify([created_at.toISOString(), id])).toString('base64url');
}

/** Of the years that PostgreSQL and ISO 8601 both write with four digits, as those of all rows are. */
const instant = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** @throws InvalidRequest for a cursor that no list of ours gives out */
export function decodeCursor(cursor: string): Position {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof at !== 'string' || !instant.test(at) || typeof id !== 'string' || !isUuid(id))
      throw new Error('not a position');
    const position = { created_at: new Date(at), id };
    // A day that is in no calendar, or anything beside the two, is not written so.
    if (encodeCursor(position) !== cursor) throw new Error('not as a list writes it');
    return position;
  } catch (cause) {
    throw new InvalidRequest(
      '`cursor` is not one that a list answered; leave it out to start again.',
      'cursor',
      { cause },
    );
  }
}
