import { CancellationScope } from '@temporalio/workflow';

/** At most `width` at once. The first failure stops what is under way and is thrown. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const scope = new CancellationScope();
  let next = 0;
  const lane = async () => {
    while (next < items.length) await act(items[next++] as T);
  };
  await scope.run(async () => {
    try {
      await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
    } catch (error) {
      scope.cancel();
      throw error;
    }
  });
}
