import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { step } from '../../stack/bootstrap/progress.mjs';
import { killAll } from '../../stack/processes/leftovers.ts';
import { startThrowawayServers, type ThrowawayServers } from './throwaway-servers.ts';

declare global {
  var doubletakeTestServers: ThrowawayServers | undefined;
  /** What to set back: in watch mode this process goes on to the next run. */
  var doubletakeTmpdirBefore: string | undefined;
}

/** One PostgreSQL, Temporal and S3 for the whole run, announced to every test by the environment. */
export default async function globalSetup(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'doubletake-test-'));
  const servers = await step('PostgreSQL, Temporal and S3 for the tests', () =>
    startThrowawayServers(folder),
  );
  globalThis.doubletakeTestServers = servers;
  // Folders of tests, and what native libraries leave there (ONNX Runtime: a file a process), go with the run.
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  chmodSync(temporary, 0o1777);
  globalThis.doubletakeTmpdirBefore = process.env.TMPDIR;
  Object.assign(process.env, servers.environment, {
    TMPDIR: temporary,
    DOUBLETAKE_TEST_RUN: folder,
    // Node.js keeps compiled code here: a `doubletake` command then takes half of the processor time.
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
  });
  process.once('exit', () => {
    // Servers and stacks of single tests, when Jest is ended before they could stop them.
    for (const parent of [folder, temporary])
      for (const name of existsSync(parent) ? readdirSync(parent) : [])
        killAll(join(parent, name, 'pids.json'));
    servers.drop();
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
}
