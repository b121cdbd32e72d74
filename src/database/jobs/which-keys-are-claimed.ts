import type { Database } from '../database.ts';
import { ArtifactEntity } from '../entities/records.ts';

/** Those of `keys` that are some job's artifacts. */
export async function whichKeysAreClaimed(database: Database, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const rows = await database.em().find(ArtifactEntity, { key: { $in: [...keys] } }, { fields: ['key'] });
  return new Set(rows.map(({ key }) => key));
}
