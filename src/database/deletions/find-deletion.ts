import type { InferEntity } from '@mikro-orm/postgresql';
import type { Database } from '../database.ts';
import { DeletionEntity } from '../entities/records.ts';
import type { Scope } from '../jobs/find-job.ts';

export interface Deletion {
  id: string;
  target: 'job' | 'session';
  target_id: string;
  user_id: string;
  requested_by: string;
  state: 'requested' | 'deleting' | 'done';
  created_at: Date;
  dispatched_at: Date | null;
  completed_at: Date | null;
}

/** Null for a deletion that is not there or is somebody else's. */
export async function findDeletion(
  database: Database,
  id: string,
  { userId }: Scope = {},
): Promise<Deletion | null> {
  const owner = userId === undefined ? {} : { user_id: userId };
  const row = await database.em().findOne(DeletionEntity, { id, ...owner });
  return row && toDeletion(row);
}

export function toDeletion(row: InferEntity<typeof DeletionEntity>): Deletion {
  const { id, target, target_id, user_id, requested_by, state, created_at } = row;
  const dispatched_at = row.dispatched_at ?? null;
  const completed_at = row.completed_at ?? null;
  return { id, target, target_id, user_id, requested_by, state, created_at, dispatched_at, completed_at };
}
