import { ChildLost } from '../../domain/child-lost.ts';

/**
 * Has a task done, and done again while its child is lost and tries are left. Nothing else is tried again: not what the
 * task itself throws, not a cancellation, and not what the machine was too busy for, which the next minute will not mend.
 * @param onRetry gets the loss and how many tries are used up
 */
export async function tryAgainWhenLost<Result>(
  run: () => Promise<Result>,
  tries: number,
  onRetry: (lost: ChildLost, tries: number) => void,
): Promise<Result> {
  for (let used = 1; ; used++) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof ChildLost) || error.how === 'starved' || used >= tries) throw error;
      onRetry(error, used);
    }
  }
}
