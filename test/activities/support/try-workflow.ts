import { proxyActivities } from '@temporalio/workflow';

const { trying } = proxyActivities<{ trying(): Promise<number> }>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '10 milliseconds', backoffCoefficient: 1 },
});

/** Answers with how many attempts it took. */
export async function tryOne(): Promise<number> {
  return trying();
}
