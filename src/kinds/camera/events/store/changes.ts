import { InvalidRequest } from '../../../../domain/errors.ts';
import type { ChangePoint, StoredEvent } from '../event-store.ts';
import type { Engine } from './engine.ts';
import { eventOf } from './stored-row.ts';

export async function changedSince(
  engine: Engine,
  owner: string,
  point: ChangePoint,
  limit: number,
): Promise<{ items: StoredEvent[]; next: ChangePoint }> {
  const { rows, next } = await engine.changedSince(owner, point, limit);
  return { items: rows.map(eventOf), next };
}

/** @throws InvalidRequest for a point that no stream gave out; `read` throws, or answers undefined, for such a one */
export function readPoint<T>(point: ChangePoint, read: (fields: unknown) => T | undefined): T {
  try {
    const known = read(JSON.parse(point));
    if (known !== undefined) return known;
  } catch {
    // Said below.
  }
  throw new InvalidRequest(
    'The point is not one that a stream gave out. Leave it out to hear what comes from now on.',
  );
}
