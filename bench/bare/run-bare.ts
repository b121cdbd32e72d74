import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { activityIntervals } from '../activity-intervals.ts';
import { covered } from '../statistics.ts';

export interface Bare {
  /** Milliseconds from asking for the workflow to its end, less the time its activities ran. */
  overhead(activities: number): Promise<number>;
  /** Runs one to its end. */
  run(activities: number): Promise<void>;
  close(): Promise<void>;
}

export async function startBare(client: Client, address: string): Promise<Bare> {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const connection = await NativeConnection.connect({ address });
  const taskQueue = `bare-${randomUUID()}`;
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowsPath: new URL('workflow.ts', import.meta.url).pathname,
    activities: { async nothing() {} },
  });
  const running = worker.run();
  const ended = async (activities: number) => {
    const handle = await client.workflow.start('bare', {
      taskQueue,
      workflowId: randomUUID(),
      args: [activities],
    });
    await handle.result();
    return handle;
  };
  return {
    async run(activities) {
      await ended(activities);
    },
    async overhead(activities) {
      const before = performance.now();
      const handle = await ended(activities);
      return performance.now() - before - covered(activityIntervals(await handle.fetchHistory()));
    },
    async close() {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}
