import { ObjectChanged } from '../../domain/errors.ts';
import type { MeasureOutcome } from '../../domain/measurement.ts';
import type { Provenance } from '../../domain/provenance.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { sha256Of } from '../../storage/hashing.ts';

/** An outcome as it is stored: with its whole provenance. */
export type StoredOutcome = Omit<MeasureOutcome, 'provenance'> & { provenance: Provenance };

/** Where an outcome lies, and what it has to be. */
export interface OutcomeReference {
  key: string;
  /** Lower-case hex. */
  sha256: string;
}

/** @throws ObjectMissing; ObjectChanged when what lies there is not what was written */
export async function readOutcome(
  store: Pick<ArtifactStore, 'get'>,
  { key, sha256 }: OutcomeReference,
): Promise<StoredOutcome> {
  const bytes = await store.get(key);
  if (sha256Of(bytes) !== sha256) throw new ObjectChanged(key);
  return JSON.parse(bytes.toString()) as StoredOutcome;
}
