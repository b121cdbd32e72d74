import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { failureInterceptor } from '../../src/activities/failure-interceptor.ts';

const logger = new DefaultLogger('ERROR');
Runtime.install({ logger, telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } });

export interface TryWorkflows {
  client: Client;
  /** A worker with the service's own handling of failures, and activities of the test. */
  worker(taskQueue: string, activities: object): Promise<Worker>;
  close(): Promise<void>;
}

/** Real workers for workflows that only a test has. */
export async function openTryWorkflows(workflowsPath: string): Promise<TryWorkflows> {
  const address = process.env.TEMPORAL_ADDRESS as string;
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger });
  return {
    client: new Client({ connection }),
    worker: (taskQueue, activities) =>
      Worker.create({
        connection: native,
        taskQueue,
        workflowBundle,
        interceptors: { activity: [failureInterceptor] },
        activities,
      }),
    async close() {
      await native.close();
      await connection.close();
    },
  };
}
