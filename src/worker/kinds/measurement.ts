import { decodingPool } from '../../activities/decoding-pool.ts';
import { makeMeasurementComputeActivities } from '../../activities/measurement/measurement-activities.ts';
import { measurementRecords } from '../../activities/measurement/measurement-records.ts';
import { findAnswer } from '../../database/assist/find-answer.ts';
import { measurementTasks } from '../../kinds/measurement/child/task-module.ts';
import { measurementFields, measurementFieldsIn } from '../../kinds/measurement/tables/measurement-fields.ts';
import { persistMeasurement } from '../../kinds/measurement/tables/persist-measurement.ts';
import { readMeasurement } from '../../kinds/measurement/tables/read-measurement.ts';
import type { KindAtWork } from '../kind-at-work.ts';

export const measurement: KindAtWork = {
  records: ({ database, store, log }) =>
    measurementRecords({
      store,
      fieldsOf: (jobId, tx) => (tx ? measurementFieldsIn(tx, jobId) : measurementFields(database, jobId)),
      readMeasurement: (jobId) => readMeasurement(database, jobId),
      persistMeasurement,
      log,
    }),
  tasks: measurementTasks,
  compute: async () => ({
    activities: ({ database, limits, pools, ...parts }) =>
      makeMeasurementComputeActivities({
        ...parts,
        pool: decodingPool(pools[measurementTasks.sandbox]),
        imagePixels: limits.imagePixels,
        findAnswer: (to) => findAnswer(database, to),
      }),
  }),
};
