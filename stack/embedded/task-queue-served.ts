import { Connection } from '@temporalio/client';

/** Temporal's numbers for kinds of task queues (`temporal.api.enums.v1.TaskQueueType`). */
const workflow = 1;
const activity = 2;

/** Whether a worker has asked both queues for work since `since`; older ones may be gone. */
export async function taskQueuesServed(address: string, name: string, since: number): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: 1000 });
  try {
    const served = await Promise.all(
      [
        { name, taskQueueType: workflow },
        { name: `${name}-compute`, taskQueueType: activity },
      ].map(async ({ name, taskQueueType }) => {
        const { pollers } = await connection.workflowService.describeTaskQueue({
          namespace: 'default',
          taskQueue: { name },
          taskQueueType,
        });
        return (pollers ?? []).some(
          ({ lastAccessTime }) => Number(lastAccessTime?.seconds) * 1000 >= since - 1000,
        );
      }),
    );
    return served.every(Boolean);
  } finally {
    await connection.close();
  }
}
