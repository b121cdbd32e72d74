import { artifactKey } from '../../domain/artifact.ts';
import { ObjectMissing } from '../../domain/errors.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { Writer } from '../write-artifact.ts';

/** `quick/person.json`: whom the quick look followed, for all segments of the deep look to follow the same. */
interface QuickPerson {
  /** See `Look`; empty when nobody was followed. */
  appearance: number[];
}

const personName = 'person.json';

/**
 * Written before the quick pass is persisted and never after: what the segments read stays the same, also when a later
 * attempt begins with the deep pass.
 */
export async function writeQuickPerson(writer: Writer, { appearance }: QuickPerson): Promise<void> {
  const person: QuickPerson = { appearance };
  await writer.put(personName, JSON.stringify(person), 'application/json');
}

/** Empty also for a quick look of a version that kept no such file. */
export async function readQuickAppearance(
  store: Pick<ArtifactStore, 'get'>,
  jobId: string,
): Promise<number[]> {
  try {
    const person: QuickPerson = JSON.parse(
      (await store.get(artifactKey(jobId, 'quick', personName))).toString(),
    );
    return person.appearance;
  } catch (error) {
    if (error instanceof ObjectMissing) return [];
    throw error;
  }
}
