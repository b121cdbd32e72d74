import type { IncomingMessage } from 'node:http';
import { faultOf } from '../../../domain/our-words.ts';
import { NoPublicAddress } from '../../../outside/public-lookup.ts';
import { bareHost, makeRequestOutside } from '../../../outside/request-outside.ts';
import { type LiveAddress, nowherePublic } from './address.ts';
import type { HlsPart } from './hls-playlist.ts';
import { SourceAway } from './source-away.ts';

export interface Fetched {
  /** Where it was in the end, after redirects: what other addresses are relative to. */
  url: URL;
  bytes: Buffer;
}

const mostRedirects = 5;

/**
 * Fetches what playlists name. The host of the camera's own address may be private where that is allowed; whatever else
 * a playlist or a redirect names has to be public, for it is the camera that names it. The login goes to the camera's
 * own server only.
 */
export class HlsFetcher {
  readonly #camera: LiveAddress;
  readonly #own: ReturnType<typeof makeRequestOutside>;
  readonly #others = makeRequestOutside({ allowPrivate: false });
  readonly #patience_ms: number;
  readonly #signal: AbortSignal;

  constructor(
    camera: LiveAddress,
    { allowPrivate, patience_s, signal }: { allowPrivate: boolean; patience_s: number; signal: AbortSignal },
  ) {
    this.#camera = camera;
    // Where private addresses are allowed cameras vouch for themselves; nobody else could.
    this.#own = makeRequestOutside({ allowPrivate, trustAnyone: allowPrivate });
    this.#patience_ms = patience_s * 1000;
    this.#signal = signal;
  }

  /** @throws SourceAway */
  async fetch({ uri, range }: HlsPart, base: URL | null, mostBytes: number): Promise<Fetched> {
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(this.#patience_ms)]);
    try {
      let url = resolve(uri, base);
      for (let redirects = 0; redirects <= mostRedirects; redirects++) {
        const answer = await this.#request(url, range, signal);
        const status = answer.statusCode ?? 0;
        const { location } = answer.headers;
        if (status >= 300 && status < 400 && location !== undefined) {
          answer.destroy();
          url = resolve(location, url);
          continue;
        }
        return { url, bytes: await bodyOf(answer, { status, range, mostBytes }) };
      }
      throw new SourceAway('it sends its readers from one address to the next');
    } catch (error) {
      if (error instanceof SourceAway) throw error;
      if (error instanceof NoPublicAddress) throw new SourceAway(nowherePublic);
      throw new SourceAway(
        signal.aborted ? 'there was no answer in time' : (faultOf(error) ?? 'the connection broke off'),
      );
    }
  }

  #request(url: URL, range: HlsPart['range'], signal: AbortSignal): Promise<IncomingMessage> {
    const isCameras = bareHost(url.hostname) === this.#camera.host;
    const { username, password } = this.#camera.url;
    const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    const knows = url.origin === this.#camera.url.origin && login !== ':';
    const request = isCameras ? this.#own : this.#others;
    // A login that a playlist names is not ours to send.
    const bare = new URL(url);
    bare.username = '';
    bare.password = '';
    return request(bare.href, {
      method: 'GET',
      signal,
      headers: {
        'user-agent': 'doubletake',
        'accept-encoding': 'identity',
        ...(range && { range: `bytes=${range.offset}-${range.offset + range.length - 1}` }),
        ...(knows && { authorization: `Basic ${Buffer.from(login).toString('base64')}` }),
      },
    });
  }
}

function resolve(uri: string, base: URL | null): URL {
  let url: URL;
  try {
    url = base ? new URL(uri, base) : new URL(uri);
  } catch {
    throw new SourceAway('its playlist names something that is no address');
  }
  if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  throw new SourceAway('it names an address that is neither http: nor https:, and no other is read');
}

async function bodyOf(
  answer: IncomingMessage,
  { status, range, mostBytes }: { status: number; range: HlsPart['range']; mostBytes: number },
): Promise<Buffer> {
  try {
    if (status === 401 || status === 403) throw new SourceAway('it refused the login');
    if (status === 404 || status === 410) throw new SourceAway('it has no such stream');
    if (status !== 200 && status !== 206) throw new SourceAway(`it answered ${status}`);
    const chunks: Buffer[] = [];
    let length = 0;
    // Of a file that is sent whole a part is taken.
    const skip = range && status === 200 ? range.offset : 0;
    const most = range ? skip + range.length : mostBytes;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (range && length >= most) break;
      if (length > Math.min(most, mostBytes))
        throw new SourceAway(`it sends files of more than ${mostBytes} bytes`);
    }
    return Buffer.concat(chunks).subarray(skip, range ? skip + range.length : undefined);
  } finally {
    answer.destroy();
  }
}
