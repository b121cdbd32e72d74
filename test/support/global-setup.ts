import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { step } from '../../stack/bootstrap/progress.mjs';
import { startThrowawayServers, type ThrowawayServers } from './throwaway-servers.ts';

declare global {
  var doubletakeTestServers: ThrowawayServers | undefined;
}

/** One PostgreSQL, Temporal and S3 for the whole run, announced to every test by the environment. */
export default async function globalSetup(): Promise<void> {
  const folder = process.env.DOUBLETAKE_TEST_DATA ?? mkdtempSync(join(tmpdir(), 'doubletake-test-'));
  const servers = await step('PostgreSQL, Temporal and S3 for the tests', () =>
    startThrowawayServers(folder),
  );
  globalThis.doubletakeTestServers = servers;
  Object.assign(process.env, servers.environment);
  // When Jest is ended before its teardown.
  process.once('exit', () => servers.drop());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
}
