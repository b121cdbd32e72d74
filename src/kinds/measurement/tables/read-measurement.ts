import type { EntityManager, InferEntity } from '@mikro-orm/postgresql';
import type { Database } from '../../../database/database.ts';
import type { MeasuredObject } from '../outcome.ts';
import { MeasurementEntity, MeasurementVersionEntity } from './entities.ts';
import type { MeasurementVersion } from './persist-measurement.ts';

export interface StoredMeasurement {
  /** What counts now. */
  latest: MeasurementVersion;
  /** What the machine had measured; the same as `latest` where no person has answered. */
  machine: MeasurementVersion;
}

/** Null while nothing has been measured. */
export async function readMeasurement(database: Database, jobId: string): Promise<StoredMeasurement | null> {
  return readMeasurementIn(database.em(), jobId);
}

/** The same within a transaction, which sees what it has written itself. */
export async function readMeasurementIn(tx: EntityManager, jobId: string): Promise<StoredMeasurement | null> {
  const fresh = { disableIdentityMap: true } as const;
  const versions = await tx.find(
    MeasurementVersionEntity,
    { job_id: jobId },
    { orderBy: { version: 'asc' }, ...fresh },
  );
  const [first, last] = [versions[0], versions.at(-1)];
  if (!first || !last) return null;
  const rows = await tx.find(
    MeasurementEntity,
    { job_id: jobId, version: { $in: [first.version, last.version] } },
    { orderBy: { n: 'asc' }, ...fresh },
  );
  const whole = (of: typeof first): MeasurementVersion => ({
    job_id: of.job_id,
    version: of.version,
    source: of.source,
    image: of.image,
    reference: of.reference ?? null,
    scale: of.scale ?? null,
    objects: rows.filter(({ version }) => version === of.version).map(toObject),
    confidence: of.confidence,
    reasons: of.reasons,
    provenance: of.provenance,
    annotated_image_key: of.annotated_image_key ?? null,
    rectified_image_key: of.rectified_image_key ?? null,
    preview: of.preview ?? null,
  });
  return { latest: whole(last), machine: whole(first) };
}

function toObject(row: InferEntity<typeof MeasurementEntity>): MeasuredObject {
  const { n, source, label, quantities, outline, corners, confidence, terms } = row;
  return { n, ...quantities, outline, corners, confidence, terms, source, ...(label && { label }) };
}
