import type { EntityManager } from '@mikro-orm/postgresql';
import { claimArtifacts } from '../../../database/jobs/claim-artifacts.ts';
import type { Artifact } from '../../../domain/artifact.ts';
import type { Provenance } from '../../../domain/provenance.ts';
import type { MeasureOutcome, Preview, Source } from '../outcome.ts';

export interface MeasurementVersion extends Omit<MeasureOutcome, 'provenance'> {
  job_id: string;
  /** 1 is the machine's; a person's answer makes the next. */
  version: number;
  source: Source;
  provenance: Provenance;
  /** Null where there is no such image; a key only for what is in S3. */
  annotated_image_key: string | null;
  rectified_image_key: string | null;
  /** The picture to draw on, in the machine's version where a person was asked about it. */
  preview: Preview | null;
}

/**
 * A version with its objects and images, for `transitionJob`'s transaction, which knows whether this attempt may still write.
 * This version and later ones of an earlier attempt are replaced, so that running twice is running once.
 */
export async function persistMeasurement(
  tx: EntityManager,
  written: MeasurementVersion & { artifacts: readonly Artifact[] },
): Promise<void> {
  const { job_id, version, objects } = written;
  await tx.execute(
    'DELETE FROM measurement_versions WHERE job_id = ? AND version >= ?',
    [job_id, version],
    'run',
  );
  await tx.execute(
    `INSERT INTO measurement_versions (job_id, version, source, image, reference, scale, confidence, reasons,
       provenance, annotated_image_key, rectified_image_key, preview, artifact_keys)
     VALUES (?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb, ?, ?::jsonb, ?::jsonb, ?, ?, ?::jsonb,
       ARRAY(SELECT jsonb_array_elements_text(?::jsonb)))`,
    [
      job_id,
      version,
      written.source,
      JSON.stringify(written.image),
      written.reference && JSON.stringify(written.reference),
      written.scale && JSON.stringify(written.scale),
      written.confidence,
      JSON.stringify(written.reasons),
      JSON.stringify(written.provenance),
      written.annotated_image_key,
      written.rectified_image_key,
      written.preview && JSON.stringify(written.preview),
      JSON.stringify(written.artifacts.map(({ key }) => key)),
    ],
    'run',
  );
  const rows = objects.map(({ n, source, label, outline, corners, confidence, terms, ...quantities }) => {
    return { n, source, label, outline, corners, confidence, terms, quantities };
  });
  await tx.execute(
    `INSERT INTO measurements (job_id, version, n, source, label, quantities, outline, corners, confidence, terms)
     SELECT ?, ?, n, source, label, quantities, outline, corners, confidence, terms
     FROM jsonb_to_recordset(?::jsonb) AS object (n smallint, source text, label text, quantities jsonb,
       outline jsonb, corners jsonb, confidence float8, terms jsonb)`,
    [job_id, version, JSON.stringify(rows)],
    'run',
  );
  await claimArtifacts(tx, job_id, written.artifacts);
  // What an earlier attempt had claimed, and no version is made of now.
  await tx.execute(
    `DELETE FROM artifacts WHERE job_id = ? AND NOT EXISTS (
       SELECT 1 FROM measurement_versions AS v WHERE v.job_id = artifacts.job_id AND artifacts.key = ANY(v.artifact_keys))`,
    [job_id],
    'run',
  );
}
