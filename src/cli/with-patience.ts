import { setTimeout as pause } from 'node:timers/promises';
import { ServerRefused, ServerUnreachable } from './failures.ts';

const AGAIN_MS = 1000;
/** How long a server may be away before we stop waiting; a job goes on without us. */
const PATIENCE_MS = 120_000;

export interface Patience {
  /** Once an outage. */
  onLost(): void;
  signal: AbortSignal;
}

/**
 * Does something that changes nothing on the server, again and again while the server does not answer.
 * @throws ServerUnreachable after two minutes without an answer; whatever else `work` throws, at once
 */
export async function withPatience<T>(work: () => Promise<T>, { onLost, signal }: Patience): Promise<T> {
  let lostAt: number | undefined;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const away =
        error instanceof ServerUnreachable || (error instanceof ServerRefused && error.status >= 500);
      if (signal.aborted || !away) throw error;
      if (lostAt === undefined) onLost();
      lostAt ??= Date.now();
      if (Date.now() - lostAt > PATIENCE_MS) {
        throw error instanceof ServerUnreachable ? error : new ServerUnreachable(error.message);
      }
      await pause(AGAIN_MS, undefined, { signal });
    }
  }
}
