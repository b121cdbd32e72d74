import { CriticalArtifactsMissing, type Presence } from './errors.ts';

/** One thing a kind promises: which database fields hold it and which S3 objects back it. */
export interface Promised {
  /** The word the error message uses, e.g. `findings`. */
  name: string;
  /** Columns of the kind's table, by the names the read API gives them, e.g. `deep_findings`. */
  fields: string[];
  /** S3 objects as `<pass>/<name>`, or by their whole key where it lies under one of the kind's lasting prefixes. */
  objects: string[];
}

/**
 * Throws when anything promised is absent. `fields` and `objects` are what was read back just now, from the
 * database and from S3, not what the passes said they wrote.
 * @throws CriticalArtifactsMissing naming every promised thing as present or MISSING
 */
export function assertKept(
  promises: readonly Promised[],
  fields: ReadonlySet<string>,
  objects: ReadonlySet<string>,
): void {
  const presence: Record<string, Presence> = {};
  for (const { name, fields: wantedFields, objects: wantedObjects } of promises) {
    const kept =
      wantedFields.every((field) => fields.has(field)) &&
      wantedObjects.every((object) => objects.has(object));
    presence[name] = kept ? 'present' : 'MISSING';
  }
  if (Object.values(presence).includes('MISSING')) throw new CriticalArtifactsMissing(presence);
}
