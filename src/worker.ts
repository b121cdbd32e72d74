import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kinds } from './domain/kinds/index.ts';
import { databaseKinds } from './kinds/for-database.ts';
import { usableConfig } from './usable-config.ts';
import { kindsAtWork } from './worker/kinds/index.ts';
import { runWorker } from './worker/run-worker.ts';

/** The worker process, with every kind there is. */
const running = extname(import.meta.filename);

await runWorker(usableConfig(kinds), {
  database: databaseKinds,
  atWork: kindsAtWork,
  workflowsPath: fileURLToPath(new URL(`./workflows/index${running}`, import.meta.url)),
});
