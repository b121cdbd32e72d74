import { ObjectChanged } from '../domain/errors.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import { sha256Of } from '../storage/hashing.ts';

/** Where JSON lies, and what it has to be. */
export interface Written {
  key: string;
  /** Lower-case hex; undefined: whatever lies there. */
  sha256: string | undefined;
}

/** @throws ObjectMissing; ObjectChanged when what lies there is not what was written */
export async function readWritten<Content>(
  store: Pick<ArtifactStore, 'get'>,
  written: Written,
): Promise<Content> {
  return JSON.parse((await readWrittenBytes(store, written)).toString()) as Content;
}

/** @throws ObjectMissing; ObjectChanged when what lies there is not what was written */
export async function readWrittenBytes(
  store: Pick<ArtifactStore, 'get'>,
  { key, sha256 }: Written,
): Promise<Buffer> {
  const bytes = await store.get(key);
  if (sha256 !== undefined && sha256Of(bytes) !== sha256) throw new ObjectChanged(key);
  return bytes;
}
