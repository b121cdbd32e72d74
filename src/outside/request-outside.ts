import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { isPublicAddress } from '../domain/public-address.ts';
import { NoPublicAddress, publicLookup } from './public-lookup.ts';

export interface OutsideRequest {
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}

/**
 * Sends a request to an address that a user gave, and waits for the head of the answer. Its caller reads or destroys the
 * body. Redirects are not followed.
 * @throws NoPublicAddress; the system's or OpenSSL's error; the signal's reason
 */
export type RequestOutside = (url: string, request: OutsideRequest) => Promise<IncomingMessage>;

/** Of an address that is written in a URL, the host without the brackets of IPv6. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/** @throws NoPublicAddress for an address of numbers that is not public; Node looks up names only */
export function refuseWrittenPrivate(host: string): void {
  if (isIP(host) && !isPublicAddress(host)) throw new NoPublicAddress(`${host} is not public`);
}

/**
 * Whatever name an address has, the connection goes to an address that was checked to be a public one, and to no other.
 * @param allowPrivate loopback and private networks as well, where an operator wants it so
 * @param trustAnyone whether a certificate that no authority vouches for is taken
 */
export function makeRequestOutside({
  allowPrivate,
  trustAnyone = false,
}: {
  allowPrivate: boolean;
  trustAnyone?: boolean;
}): RequestOutside {
  // No connection is kept: the next request may have to go to another address.
  const options = { allowPrivateIPAddress: allowPrivate, keepAlive: false };
  const http = new RequestFilteringHttpAgent(options);
  const https = new RequestFilteringHttpsAgent(options);

  return async function requestOutside(url, { method, headers, body, signal }) {
    const { protocol, hostname } = new URL(url);
    const secure = protocol === 'https:';
    if (!allowPrivate) refuseWrittenPrivate(bareHost(hostname));
    return new Promise<IncomingMessage>((resolve, reject) => {
      const request = (secure ? httpsRequest : httpRequest)(url, {
        method,
        agent: secure ? https : http,
        signal,
        ...(!allowPrivate && { lookup: publicLookup }),
        ...(trustAnyone && { rejectUnauthorized: false }),
        headers: { ...headers, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) },
      });
      request.once('response', resolve);
      // Stays: giving up the answer's body may end in an error too.
      request.on('error', reject);
      request.end(body);
    });
  };
}
