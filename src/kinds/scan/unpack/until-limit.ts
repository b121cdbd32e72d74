import { LimitReached } from './unpacker.ts';

/**
 * Does what writes to a sink. At a limit what was found by then is still to be reported; the sink knows which limit it
 * was, and takes no more.
 * @returns undefined at a limit
 */
export async function untilLimit<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LimitReached) return undefined;
    throw error;
  }
}
