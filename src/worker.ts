import { kinds } from './domain/kinds/index.ts';
import { databaseKinds } from './kinds/for-database.ts';
import { usableConfig } from './usable-config.ts';
import { kindsAtWork } from './worker/kinds/index.ts';
import { runWorker } from './worker/run-worker.ts';
import { workflowCode } from './worker/workflow-bundle.ts';

/** The worker process, with every kind there is. */

const config = usableConfig(kinds);

await runWorker(config, {
  database: databaseKinds,
  atWork: kindsAtWork,
  workflows: (log) => workflowCode(config.workflowBundle, log),
});
