import type { Context } from '@temporalio/activity';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { failureOf, isCancellation } from './failures.ts';

/** Every activity's errors pass here on their way to Temporal. */
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
          throw failureOf(error, context.info.attempt);
        }
      },
    },
  };
}
