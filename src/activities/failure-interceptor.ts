import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { activityEnded } from './at-end-of-activity.ts';
import { failuresBefore, heartbeatOf, oneMore } from './failure-count.ts';
import { failureOf, isCancellation } from './failures.ts';

/** Every activity's errors pass here on their way to Temporal; its end is told to those who wait for it. */
export function failureInterceptor(context: Context): { inbound: ActivityInboundCallsInterceptor } {
  return {
    inbound: {
      async execute(
        input: ActivityExecuteInput,
        next: Next<ActivityInboundCallsInterceptor, 'execute'>,
      ): Promise<unknown> {
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
