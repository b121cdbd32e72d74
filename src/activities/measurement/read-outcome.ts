import type { Provenance } from '../../domain/provenance.ts';
import type { MeasureOutcome } from '../../kinds/measurement/outcome.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { readWritten } from '../read-written.ts';

/** An outcome as it is stored: with its whole provenance. */
export type StoredOutcome = Omit<MeasureOutcome, 'provenance'> & { provenance: Provenance };

/** Where an outcome lies, and what it has to be. */
export interface OutcomeReference {
  key: string;
  /** Lower-case hex. */
  sha256: string;
}

/** @throws ObjectMissing; ObjectChanged when what lies there is not what was written */
export function readOutcome(
  store: Pick<ArtifactStore, 'get'>,
  where: OutcomeReference,
): Promise<StoredOutcome> {
  return readWritten(store, where);
}
