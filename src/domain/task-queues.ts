/** Task queues by what they hold. The main one has workflows and light I/O; the others are named after it. */

/** Activities that take a core or much memory. */
export const computeQueue = (main: string): string => `${main}-compute`;

/** What `computeQueue` was called before; activities that were scheduled there are still served. */
export const formerComputeQueue = (main: string): string => `${main}-vision`;

/** Activities that last as long as their live source does. */
export const liveQueue = (main: string): string => `${main}-live`;

export const isLiveQueue = (queue: string): boolean => queue.endsWith('-live');
