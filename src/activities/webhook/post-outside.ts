import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { faultOf } from '../../domain/our-words.ts';
import { isPublicAddress } from '../../domain/public-address.ts';
import { NoPublicAddress, publicLookup } from './public-lookup.ts';

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
  // No connection is kept: the next try may have to go to another address.
  const options = { allowPrivateIPAddress: allowPrivate, keepAlive: false };
  const http = new RequestFilteringHttpAgent(options);
  const https = new RequestFilteringHttpsAgent(options);

  return async function postOutside(url, body, headers) {
    const began = performance.now();
    const signal = AbortSignal.timeout(timeoutMs);
    const { protocol, hostname } = new URL(url);
    const secure = protocol === 'https:';
    const host = hostname.replace(/^\[|\]$/g, '');
    // Node looks up names only. An address that is written in the URL is judged as it is.
    if (!allowPrivate && isIP(host) && !isPublicAddress(host)) return nowherePublic(`${host} is not public`);
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      const request = (secure ? httpsRequest : httpRequest)(url, {
        method: 'POST',
        agent: secure ? https : http,
        signal,
        ...(!allowPrivate && { lookup: publicLookup }),
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      });
      request.once('response', resolve);
      // Stays: giving up the answer's body may end in an error too.
      request.on('error', reject);
      request.end(body);
    });
    const after = () => Math.round(performance.now() - began);
    try {
      const response = await answer;
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
