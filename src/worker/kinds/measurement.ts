import { makeMeasurementVisionActivities } from '../../activities/measurement/measurement-activities.ts';
import { measurementRecords } from '../../activities/measurement/measurement-records.ts';
import { findAnswer } from '../../database/find-answer.ts';
import { measurementFields, measurementFieldsIn } from '../../database/measurement-fields.ts';
import { persistMeasurement } from '../../database/persist-measurement.ts';
import { readMeasurement } from '../../database/read-measurement.ts';
import type { KindAtWork } from './kind-at-work.ts';

export const measurement: KindAtWork = {
  records: ({ database, store, log }) =>
    measurementRecords({
      store,
      fieldsOf: (jobId, tx) => (tx ? measurementFieldsIn(tx, jobId) : measurementFields(database, jobId)),
      readMeasurement: (jobId) => readMeasurement(database, jobId),
      persistMeasurement,
      log,
    }),
  vision: ({ database, limits, ...parts }) =>
    makeMeasurementVisionActivities({
      ...parts,
      imagePixels: limits.imagePixels,
      findAnswer: (to) => findAnswer(database, to),
    }),
};
