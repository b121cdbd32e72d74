import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { searchAttributeTypes } from '../../src/domain/search-attributes.ts';
import type { PidFile } from '../processes/pid-file.ts';
import { Server } from './server.ts';

export interface TemporalOptions {
  /** The Temporal CLI. */
  program: string;
  /** Folder for its SQLite file. */
  folder: string;
  log: string;
  port?: number;
  /** Undefined: no Web UI. */
  uiPort?: number | undefined;
  pids?: PidFile;
}

export interface Temporal extends Server {
  address(): string;
  uiUrl(): string;
}

/**
 * Temporal's development server with a database that outlives it. The pragmas and the eager start were measured:
 * three times the jobs a second of the defaults; a transaction of the last moment may be lost with the power, but
 * not with the process.
 */
export function createTemporal(options: TemporalOptions): Temporal {
  const server = new Server({
    name: 'temporal',
    ports: { main: options.port ?? 0, ...(options.uiPort !== undefined && { ui: options.uiPort }) },
    launch({ main, ui }) {
      mkdirSync(options.folder, { recursive: true });
      const flags = [
        '--ip',
        '127.0.0.1',
        '--port',
        String(main),
        '--log-level',
        'warn',
        '--disable-config-file',
      ];
      const web = ui === undefined ? ['--headless'] : ['--ui-ip', '127.0.0.1', '--ui-port', String(ui)];
      const store = ['--db-filename', join(options.folder, 'temporal.sqlite')];
      const pragmas = ['journal_mode=WAL', 'synchronous=NORMAL'].flatMap((pragma) => [
        '--sqlite-pragma',
        pragma,
      ]);
      const attributes = searchAttributeTypes.flatMap(([name, type]) => [
        '--search-attribute',
        `${name}=${type}`,
      ]);
      const dynamic = [
        'system.enableActivityEagerExecution=true',
        // The one that knows priorities: a quick look comes before the segments of others.
        'matching.useNewMatcher=true',
        // For one small worker: with several partitions its polls may wait at one, a second or more, while tasks lie in another.
        'matching.numTaskqueueReadPartitions=1',
        'matching.numTaskqueueWritePartitions=1',
      ].flatMap((value) => ['--dynamic-config-value', value]);
      return {
        name: 'temporal',
        command: options.program,
        args: ['server', 'start-dev', ...flags, ...web, ...store, ...pragmas, ...attributes, ...dynamic],
        env: { PATH: process.env.PATH, HOME: process.env.HOME },
        log: options.log,
        pids: options.pids,
      };
    },
    ready: ({ main, ui }) => ready(`127.0.0.1:${main}`, ui),
    tryAgain: (output) => /database is locked/.test(output),
  });
  return Object.assign(server, {
    address: () => `127.0.0.1:${server.port()}`,
    uiUrl: () => `http://127.0.0.1:${server.port('ui')}`,
  });
}

/** Serves, and knows the namespace and every search attribute our workflows are started with. */
async function ready(address: string, ui: number | undefined): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: 1000 });
  try {
    await connection.workflowService.describeNamespace({ namespace: 'default' });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: 'default',
    });
    const known = searchAttributeTypes.every(([name]) => customAttributes?.[name]);
    return known && (ui === undefined || (await fetch(`http://127.0.0.1:${ui}/`)).ok);
  } finally {
    await connection.close();
  }
}
