import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { createKnownSecrets, type KnownSecrets } from '../domain/known-secrets.ts';
import { redactValues } from '../domain/redact-values.ts';
import { isLiveQueue } from '../domain/task-queues.ts';
import { activityEnded } from './at-end-of-activity.ts';
import { attemptsLost, failuresBefore, heartbeatOf, oneMore } from './failure-count.ts';
import { failureOf, isCancellation } from './failures.ts';
import { redactFailure } from './redact-failure.ts';

/** A deployment or two may take a worker away from under an activity; so often, it is the file that does. */
const mostLost = 10;

/**
 * Every activity's errors pass here on their way to Temporal; its end is told to those who wait for it. Histories are
 * kept and shown, so no secret may go there: not by a failure, a heartbeat or a result.
 * @param known the secrets that the worker reads
 */
export function failureInterceptor(
  context: Context,
  known: KnownSecrets = createKnownSecrets(),
): { inbound: ActivityInboundCallsInterceptor } {
  const beat = context.heartbeat;
  // `while-heartbeating` and activities of their own call it on the same context.
  Object.assign(context, { heartbeat: (details?: unknown) => beat(redactValues(details, known.redact)) });
  return {
    inbound: {
      async execute(
        input: ActivityExecuteInput,
        next: Next<ActivityInboundCallsInterceptor, 'execute'>,
      ): Promise<unknown> {
        refuseForever(context);
        try {
          const result = await next(input);
          refuseSecretIn(result, known, context.info.activityType);
          return result;
        } catch (error) {
          // Told to stop, whatever it was at says so in its own words; Temporal wants its own.
          if (context.cancellationSignal.aborted && isCancellation(error))
            throw redactFailure(await context.cancelled.catch((e) => e), known.redact);
          const before = failuresBefore(context);
          const failure = redactFailure(failureOf(error, before), known.redact);
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

/**
 * A result is what later activities work with, so taking a secret out of it would make it another result.
 * @throws ApplicationFailure, not to be retried
 */
function refuseSecretIn(result: unknown, known: KnownSecrets, activity: string): void {
  if (!known.any || result === undefined) return;
  const text = JSON.stringify(result);
  if (known.hide(text) === text) return;
  throw ApplicationFailure.nonRetryable(
    `The result of ${activity} holds a secret, and was not stored. This is a mistake in the program; report it.`,
    'SecretInResult',
  );
}

/** A file that takes whole workers down, or that is never done in the time allowed, must not do so for weeks. */
function refuseForever(context: Context): void {
  const lost = attemptsLost(context);
  if (context.info.heartbeatTimeoutMs === undefined || lost < mostLost) return;
  // A live source lasts longer than any activity may, so its activities are handed on again and again.
  if (isLiveQueue(context.info.taskQueue)) return;
  throw ApplicationFailure.nonRetryable(
    `The analysis broke off ${lost} times without a word: every worker that took it was lost, or ran out of time. If other jobs get through, what this one analyses is the cause: try it with less of it.`,
    'WorkerLost',
  );
}
