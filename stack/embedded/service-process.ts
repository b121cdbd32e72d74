import { join } from 'node:path';
import type { PidFile } from '../processes/pid-file.ts';
import { Server } from '../servers/server.ts';
import { root } from './data-folder.ts';
import { environmentFor } from './environment.ts';
import { taskQueuesServed } from './task-queue-served.ts';

export interface ServiceOptions {
  /** Where there are several of one sort, such as workers; it is in the pid file, too. */
  name?: string;
  log: string;
  pids: PidFile;
  environment: Readonly<Record<string, string>>;
}

/** The API and the relay, as `src/server.ts`. */
export function createApi({ log, pids, environment }: ServiceOptions, port: number): Server {
  return new Server({
    name: 'api',
    ports: { main: port },
    launch: ({ main }) => ({
      ...launch('api', 'server.ts', { ...environment, DOUBLETAKE_PORT: String(main) }),
      log,
      pids,
      stopMs: 30_000,
    }),
    ready: async ({ main }) => (await fetch(`http://127.0.0.1:${main}/health/ready`)).ok,
    tryAgain,
  });
}

/** Both task queues in one worker process, as `src/worker.ts`. */
export function createWorker(
  { name = 'worker', log, pids, environment }: ServiceOptions,
  metricsPort: number,
): Server {
  let since = 0;
  return new Server({
    name,
    ports: { main: metricsPort },
    launch({ main }) {
      since = Date.now();
      const metrics = { DOUBLETAKE_WORKER_METRICS: `127.0.0.1:${main}` };
      return {
        ...launch(name, 'worker.ts', { ...environment, ...metrics }),
        log,
        pids,
        stopMs: 30_000,
      };
    },
    ready: () => taskQueuesServed(environment.TEMPORAL_ADDRESS ?? '', 'doubletake', since),
    tryAgain,
  });
}

/** After a crash Temporal answers before it has taken its work up again; what asks too early is told to wait. */
const tryAgain = (output: string) => /ServiceError|Timeout expired|ECONNREFUSED/.test(output);

function launch(name: string, script: string, environment: Record<string, string>) {
  return {
    name,
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', join(root, 'src', script)],
    cwd: root,
    env: environmentFor(environment),
  };
}
