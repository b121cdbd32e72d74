import { faultOf } from '../../domain/our-words.ts';
import { NoPublicAddress } from '../../outside/public-lookup.ts';
import { makeRequestOutside } from '../../outside/request-outside.ts';

/** Of the whole try: name, connection and answer. */
const patienceMs = 15_000;

export interface Answered {
  /** Null where nobody answered; then `error` says why. */
  status_code: number | null;
  error: string | null;
  duration_ms: number;
  /** For operators, where `error` says less on purpose. */
  cause?: string;
}

export type PostOutside = (url: string, body: string, headers: Record<string, string>) => Promise<Answered>;

/**
 * Posts to an address that a user gave. Whatever name it has, the connection goes to an address that was checked to be
 * a public one, and to no other; redirects are not followed, and of the answer only its status is read.
 * @param allowPrivate loopback and private networks as well, where an operator wants it so
 */
export function makePostOutside({
  allowPrivate,
  timeoutMs = patienceMs,
}: {
  allowPrivate: boolean;
  timeoutMs?: number;
}): PostOutside {
  const request = makeRequestOutside({ allowPrivate });

  return async function postOutside(url, body, headers) {
    const began = performance.now();
    const signal = AbortSignal.timeout(timeoutMs);
    const after = () => Math.round(performance.now() - began);
    try {
      const response = await request(url, { method: 'POST', headers, body, signal });
      response.destroy();
      return { status_code: response.statusCode ?? null, error: null, duration_ms: after() };
    } catch (error) {
      if (error instanceof NoPublicAddress) return nowherePublic(error.message);
      const words = signal.aborted
        ? `There was no answer within ${timeoutMs / 1000} s.`
        : wordsOf(error as Error);
      return { status_code: null, error: words, duration_ms: after() };
    }
  };
}

/**
 * One answer for a name that is not known and for one that leads to a private network, after no time that could be told
 * apart: else whoever may send jobs could ask for a private network's names.
 */
function nowherePublic(cause: string): Answered {
  const error =
    'The address leads to no public address: its name is not known, or it leads to a private network, where nothing is sent unless DOUBLETAKE_WEBHOOK_PRIVATE=allow.';
  return { status_code: null, error, duration_ms: 0, cause };
}

/** Without the address that was tried: a private network's names are its own. */
function wordsOf(error: Error & { code?: string }): string {
  const fault = faultOf(error);
  return fault ? `Nobody took it: ${fault}.` : 'Nobody took it.';
}
