import { isIP } from 'node:net';
import { InvalidRequest } from '../../../domain/errors.ts';
import { isPublicAddress } from '../../../domain/public-address.ts';
import { maskReferences } from '../../../domain/secret-reference.ts';
import { bareHost } from '../../../outside/request-outside.ts';

/** Where a live source is. Its parts hold secrets. */
export interface LiveAddress {
  protocol: 'rtsp' | 'hls';
  /** TLS: `rtsps:` and `https:`. */
  secure: boolean;
  host: string;
  port: number;
  url: URL;
}

const field = 'options.url';
const remedy =
  'Give an address that begins with rtsp:// or rtsps://, or the http:// or https:// address of an HLS playlist.';

const usualPorts: Readonly<Record<string, number>> = {
  'rtsp:': 554,
  'rtsps:': 322,
  'http:': 80,
  'https:': 443,
};

/** Where nothing is read from unless an operator allows it, in words that also stand for a name that is not known. */
export const nowherePublic =
  'its address leads to no public address: its name is not known, or it leads to a private network, where cameras are read only with DOUBLETAKE_CAMERA_PRIVATE_ADDRESSES=allow at the workers';

/**
 * Reads an address, its secrets filled in or not. No message repeats any of it.
 * @throws InvalidRequest when it is not the address of a live source
 */
export function readLiveAddress(text: string): LiveAddress {
  const url = urlOf(maskReferences(text, 'secret'));
  const { protocol } = url;
  const port = Object.hasOwn(usualPorts, protocol) ? usualPorts[protocol] : undefined;
  // Not even its scheme is repeated: of `admin:password@host` that is the login.
  if (port === undefined) throw new InvalidRequest(`${field}: it is no live source. ${remedy}`, field);
  const host = hostOf(url);
  if (host === undefined) throw new InvalidRequest(`${field}: the address names no camera. ${remedy}`, field);
  return {
    protocol: protocol.startsWith('rtsp') ? 'rtsp' : 'hls',
    secure: protocol === 'rtsps:' || protocol === 'https:',
    host,
    port: Number(url.port) || port,
    url,
  };
}

/** @throws InvalidRequest for an address that is itself of a private network, whatever DNS says */
export function refusePrivateAddress({ host }: LiveAddress, allowPrivate: boolean): void {
  if (allowPrivate) return;
  const isOwn = /^(?:.+\.)?localhost\.?$/i.test(host);
  if (!isOwn && !(isIP(host) && !isPublicAddress(host))) return;
  throw new InvalidRequest(
    `${field}: the camera is in a private network or on this machine, and the workers read none there. Have an operator set DOUBLETAKE_CAMERA_PRIVATE_ADDRESSES=allow at the workers.`,
    field,
  );
}

function urlOf(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new InvalidRequest(`${field}: it cannot be read as an address. ${remedy}`, field);
  }
}

/** As an `http:` address would have it: other schemes leave forms such as `127.1` as they are. */
function hostOf({ hostname }: URL): string | undefined {
  if (hostname === '') return undefined;
  try {
    return bareHost(new URL(`http://${hostname}/`).hostname);
  } catch {
    return undefined;
  }
}
