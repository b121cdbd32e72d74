import { InvalidRequest } from '../../../domain/errors.ts';
import { givenId } from '../../../domain/kinds/camera.ts';

/** Where a page of events ended. */
export interface Position {
  started_at: string;
  event_id: string;
}

/** Of the years that PostgreSQL and ISO 8601 both write with four digits, as those of all events are. */
const instant = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export function encodeCursor({ started_at, event_id }: Position): string {
  return Buffer.from(JSON.stringify([started_at, event_id])).toString('base64url');
}

/** @throws InvalidRequest for a cursor that no list of ours gives out */
export function decodeCursor(cursor: string): Position {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof at !== 'string' || !instant.test(at)) throw new Error('no time');
    const position = { started_at: new Date(at).toISOString(), event_id: givenId.parse(id) };
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
