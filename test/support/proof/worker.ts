import { databaseKinds } from '../../../src/kinds/for-database.ts';
import { usableConfig } from '../../../src/usable-config.ts';
import { kindsAtWork } from '../../../src/worker/kinds/index.ts';
import { runWorker } from '../../../src/worker/run-worker.ts';
import { proofAtWork } from './activities.ts';
import { proofKinds } from './definition.ts';

/** `src/worker.ts` with one kind more. */
await runWorker(usableConfig(proofKinds), {
  database: { ...databaseKinds, definitions: proofKinds },
  atWork: { ...kindsAtWork, proof: proofAtWork },
  workflows: () => ({ workflowsPath: new URL('./workflows.ts', import.meta.url).pathname }),
});
