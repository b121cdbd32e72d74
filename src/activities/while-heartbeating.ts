import { Context } from '@temporalio/activity';
import { failuresBefore, heartbeatOf } from './failure-count.ts';

/** Well under every heartbeat timeout, and how soon a cancellation is heard of. */
const everyMs = 1000;

/**
 * Tells Temporal once a second that the activity is alive, whatever it waits for. What hangs is found by who watches it:
 * the child pool its children, the S3 client its requests.
 */
export async function whileHeartbeating<T>(
  work: (signal: AbortSignal, detail: (value: object) => void) => Promise<T>,
): Promise<T> {
  const context = Context.current();
  const failures = failuresBefore(context);
  let latest: object | undefined;
  const beat = () => context.heartbeat(heartbeatOf(failures, latest));
  beat();
  const timer = setInterval(beat, everyMs);
  try {
    return await work(context.cancellationSignal, (value) => {
      latest = value;
    });
  } finally {
    clearInterval(timer);
  }
}
