import type { EntityManager } from '@mikro-orm/postgresql';
import type { Promised } from '../../domain/guardrail.ts';
import { askOf } from '../../kinds/measurement/answers/question.ts';
import { refusalOfUnknown } from '../../kinds/measurement/answers/refusal.ts';
import type { MeasureOutcome } from '../../kinds/measurement/outcome.ts';
import type { persistMeasurement } from '../../kinds/measurement/tables/persist-measurement.ts';
import type { StoredMeasurement } from '../../kinds/measurement/tables/read-measurement.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityLog } from '../activity-log.ts';
import type { KindRecords } from '../kind-records.ts';
import { readOutcome } from './read-outcome.ts';
import type { WrittenMeasurement } from './written-measurement.ts';

export interface MeasurementRecordsNeeds {
  store: Pick<ArtifactStore, 'get'>;
  fieldsOf(jobId: string, tx?: EntityManager): Promise<ReadonlySet<string>>;
  readMeasurement(jobId: string): Promise<StoredMeasurement | null>;
  persistMeasurement: typeof persistMeasurement;
  log: ActivityLog;
}

/** How a measurement's rows are written, read back and told. */
export function measurementRecords(needs: MeasurementRecordsNeeds): KindRecords {
  const { store, fieldsOf, readMeasurement, persistMeasurement, log } = needs;
  return {
    fieldsOf,
    async resultOf(jobId) {
      const stored = await readMeasurement(jobId);
      return stored ? resultOf(stored.latest) : {};
    },
    async onCompleted({ job_id, status, stage, result }) {
      log.info({ job_id, status_after: status, stage, ...result }, '[PERSISTED] Measurement completed');
    },
    async openWritten(jobId: string, written: WrittenMeasurement) {
      const outcome = await readOutcome(store, written.outcome);
      const {
        version,
        source,
        annotated_image_key,
        rectified_image_key,
        preview = null,
        artifacts,
      } = written;
      return {
        promises: promisesOf(jobId, written),
        result: resultOf({ ...outcome, version, source }),
        write: (tx) =>
          persistMeasurement(tx, {
            ...outcome,
            job_id: jobId,
            version,
            source,
            annotated_image_key,
            rectified_image_key,
            preview,
            artifacts,
          }),
        question: {
          askOf: (dueAt) => askOf(outcome, outcome.reasons, dueAt),
          isAnswer: (answer) =>
            refusalOfUnknown(answer, askOf(outcome, outcome.reasons, new Date())) === null,
        },
      };
    },
  };
}

/** The images that this version's rows name; without a scale there is no view from above to promise. */
function promisesOf(jobId: string, written: WrittenMeasurement): Promised[] {
  const below = (key: string) => key.slice(`jobs/${jobId}/`.length);
  const { annotated_image_key: annotated, rectified_image_key: rectified, preview } = written;
  return [
    { name: 'measurements', fields: ['measurements'], objects: [] },
    { name: 'annotated_image', fields: ['annotated_image_key'], objects: [below(annotated)] },
    ...(rectified
      ? [{ name: 'rectified_image', fields: ['rectified_image_key'], objects: [below(rectified)] }]
      : []),
    ...(preview ? [{ name: 'preview', fields: ['preview'], objects: [below(preview.key)] }] : []),
  ];
}

/** The numbers a list shows. */
function resultOf(of: Pick<MeasureOutcome, 'objects' | 'confidence'> & { version: number; source: string }) {
  const [largest] = of.objects;
  return {
    version: of.version,
    source: of.source,
    objects: of.objects.length,
    width_mm: largest?.width.value ?? null,
    height_mm: largest?.height.value ?? null,
    confidence: of.confidence,
  };
}
