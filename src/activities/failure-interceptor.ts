import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { activityEnded } from './at-end-of-activity.ts';
import { attemptsLost, failuresBefore, heartbeatOf, oneMore } from './failure-count.ts';
import { failureOf, isCancellation } from './failures.ts';

/** A deployment or two may take a worker away from under an activity; so often, it is the file that does. */
const mostLost = 10;

/** Every activity's errors pass here on their way to Temporal; its end is told to those who wait for it. */
export function failureInterceptor(context: Context): { inbound: ActivityInboundCallsInterceptor } {
  return {
    inbound: {
      async execute(
        input: ActivityExecuteInput,
        next: Next<ActivityInboundCallsInterceptor, 'execute'>,
      ): Promise<unknown> {
        refuseForever(context);
        try {
          return await next(input);
        } catch (error) {
          // Told to stop, whatever it was at says so in its own words; Temporal wants its own.
          if (context.cancellationSignal.aborted && isCancellation(error))
            throw await context.cancelled.catch((e) => e);
          const before = failuresBefore(context);
          const failure = failureOf(error, before);
          // The SDK sends it before the failure.
          if (failure instanceof ApplicationFailure && failure.type)
            context.heartbeat(heartbeatOf(oneMore(before, failure.type)));
          throw failure;
        } finally {
          activityEnded(context.cancellationSignal);
        }
      },
    },
  };
}

/** A file that takes whole workers down, or that is never done in the time allowed, must not do so for weeks. */
function refuseForever(context: Context): void {
  const lost = attemptsLost(context);
  if (context.info.heartbeatTimeoutMs === undefined || lost < mostLost) return;
  throw ApplicationFailure.nonRetryable(
    `The analysis broke off ${lost} times without a word: every worker that took it was lost, or ran out of time. If other files get through, this one is the cause: export it anew, shorter or smaller, and upload that.`,
    'WorkerLost',
  );
}
