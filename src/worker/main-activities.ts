import type { ActivityLog } from '../activities/activity-log.ts';
import { makeJobActivities } from '../activities/job-activities.ts';
import { makeTechniqueMainActivities } from '../activities/technique/technique-activities.ts';
import { techniqueResult } from '../activities/technique/technique-result.ts';
import { makePostOutside } from '../activities/webhook/post-outside.ts';
import { makeWebhookActivities } from '../activities/webhook/webhook-activities.ts';
import type { Database } from '../database/database.ts';
import { enterStage } from '../database/enter-stage.ts';
import { moveJob } from '../database/move-job.ts';
import { persistTechniquePass } from '../database/persist-technique-pass.ts';
import { readTechniquePasses } from '../database/read-technique-passes.ts';
import { readWebhookEvent } from '../database/read-webhook-event.ts';
import { recordDelivery } from '../database/record-delivery.ts';
import { techniqueFields } from '../database/technique-fields.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';

export interface MainParts {
  database: Database;
  store: ArtifactStore;
  log: ActivityLog;
  webhook: { secret: string | undefined; allowPrivate: boolean };
}

/** What the main queue's activities are made of. */
export function mainActivities({ database, store, log, webhook }: MainParts) {
  const technique = techniqueResult({ readPasses: (jobId) => readTechniquePasses(database, jobId), log });
  return {
    ...makeJobActivities({
      moveJob: (move) => moveJob(database, move),
      enterStage: (entry) => enterStage(database, entry),
      fieldsOf: (_kind, jobId) => techniqueFields(database, jobId),
      hasObject: async (key) => (await store.head(key)) !== null,
      resultOf: (_kind, jobId) => technique.resultOf(jobId),
      onCompleted: (job) => technique.onCompleted(job),
      log,
    }),
    ...makeTechniqueMainActivities({
      store,
      persistTechniquePass: (pass) => persistTechniquePass(database, pass),
      log,
    }),
    ...makeWebhookActivities({
      readWebhookEvent: (which) => readWebhookEvent(database, which),
      recordDelivery: (delivery, outcome) => recordDelivery(database, delivery, outcome),
      postOutside: makePostOutside({ allowPrivate: webhook.allowPrivate }),
      serviceSecret: webhook.secret,
      log,
    }),
  };
}
