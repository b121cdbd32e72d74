import { Client, Connection, ScheduleNotFoundError } from '@temporalio/client';
import { scheduleId } from '../../src/maintenance/schedules.ts';

/** Removes what a worker scheduled: on the shared server it would go on starting workflows that no worker takes. */
export async function deleteSchedules(taskQueue: string): Promise<void> {
  const connection = await Connection.connect({ address: process.env.TEMPORAL_ADDRESS });
  const { schedule } = new Client({ connection });
  try {
    for (const type of ['reconcile', 'retention', 'sweep']) {
      await schedule
        .getHandle(scheduleId(taskQueue, type))
        .delete()
        .catch((error) => {
          if (!(error instanceof ScheduleNotFoundError)) throw error;
        });
    }
  } finally {
    await connection.close();
  }
}
