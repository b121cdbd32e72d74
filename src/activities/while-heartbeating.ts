import { Context } from '@temporalio/activity';

/** Well under every heartbeat timeout, and how soon a cancellation is heard of. */
const everyMs = 1000;

/**
 * Tells Temporal once a second that the activity is alive, whatever it waits for. What hangs is found by who watches it:
 * the child pool its children, the S3 client its requests.
 */
export async function whileHeartbeating<T>(
  work: (signal: AbortSignal, detail: (value: unknown) => void) => Promise<T>,
): Promise<T> {
  const context = Context.current();
  let latest: unknown;
  context.heartbeat();
  const timer = setInterval(() => context.heartbeat(latest), everyMs);
  try {
    return await work(context.cancellationSignal, (value) => {
      latest = value;
    });
  } finally {
    clearInterval(timer);
  }
}
