import { decodingPool } from '../../activities/decoding-pool.ts';
import {
  makeTechniqueComputeActivities,
  makeTechniqueMainActivities,
} from '../../activities/technique/technique-activities.ts';
import type { TechniquePool } from '../../activities/technique/technique-needs.ts';
import { techniqueResult } from '../../activities/technique/technique-result.ts';
import { videoIndexes } from '../../activities/technique/video-indexes.ts';
import { findJob } from '../../database/jobs/find-job.ts';
import { recordProgress } from '../../database/jobs/record-progress.ts';
import { techniqueTasks } from '../../kinds/technique/child/task-module.ts';
import { persistTechniquePass } from '../../kinds/technique/tables/persist-technique-pass.ts';
import { readTechniquePasses } from '../../kinds/technique/tables/read-technique-passes.ts';
import { techniqueFields } from '../../kinds/technique/tables/technique-fields.ts';
import { readTechniqueModels } from '../../kinds/technique/technique-models.ts';
import type { KindAtWork } from '../kind-at-work.ts';

export const technique: KindAtWork = {
  records: ({ database, log }) => ({
    fieldsOf: (jobId) => techniqueFields(database, jobId),
    ...techniqueResult({ readPasses: (jobId) => readTechniquePasses(database, jobId), log }),
  }),
  main: ({ database, store, log }) =>
    makeTechniqueMainActivities({
      store,
      persistTechniquePass: (pass) => persistTechniquePass(database, pass),
      log,
    }),
  tasks: techniqueTasks,
  async compute({ modelsFolder }) {
    const models = await readTechniqueModels(modelsFolder);
    return {
      prepare: models,
      activities({ database, limits, pools, ...parts }) {
        const pool: TechniquePool = decodingPool(pools[techniqueTasks.sandbox]);
        return makeTechniqueComputeActivities({
          ...parts,
          pool,
          models,
          limits,
          indexOf: videoIndexes(pool, limits),
          recordProgress: (progress) => recordProgress(database, progress),
          findJob: (jobId, userId) => findJob(database, jobId, { userId }),
        });
      },
    };
  },
};
