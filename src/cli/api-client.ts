import { type Problem, ServerRefused, ServerUnreachable } from './failures.ts';
import type { ServerAddress } from './server-address.ts';

export interface ApiClient {
  readonly address: ServerAddress;
  /** Authorisation, for requests made by other means than this client. */
  readonly headers: Readonly<Record<string, string>>;
  get<T>(path: string, signal?: AbortSignal): Promise<T>;
  post<T>(path: string, body?: unknown, headers?: Record<string, string>): Promise<T>;
  patch<T>(path: string, body: unknown): Promise<T>;
  delete<T>(path: string): Promise<T>;
  /** The response as it comes, for event streams and files; refused ones throw as with `get`. */
  open(
    path: string,
    init?: { accept?: string; signal?: AbortSignal; headers?: Record<string, string> },
  ): Promise<Response>;
}

/** Where an address came from that the server gave us: its S3, by presigned links. */
export const linked = 'a link of the server';

/** @param findAddress asked at the first request, so that a wrong id is told before a server that is not there */
export function openApiClient(findAddress: () => ServerAddress, apiKey: string | undefined): ApiClient {
  let found: ServerAddress | undefined;
  const addressOf = () => {
    found ??= findAddress();
    return found;
  };
  const headers: Record<string, string> = apiKey ? { authorization: `Bearer ${apiKey}` } : {};

  async function send(path: string, init: RequestInit): Promise<Response> {
    const address = addressOf();
    const url = new URL(path, `${address.url}/`);
    // The key belongs to this server: never hand it to another a link may lead to.
    const ours = url.origin === new URL(address.url).origin;
    const own = ours ? headers : {};
    let response: Response;
    try {
      response = await fetch(url, {
        ...init,
        headers: { ...own, ...(init.headers as Record<string, string>) },
      });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw unreachable(ours ? address : { url: url.origin, origin: linked }, error);
    }
    if (!response.ok) throw refusal(response.status, await response.text().catch(() => ''));
    return response;
  }

  async function json<T>(path: string, init: RequestInit): Promise<T> {
    const response = await send(path, { ...init, headers: { accept: 'application/json', ...init.headers } });
    if (response.status === 204) return undefined as T;
    const address = addressOf();
    const type = response.headers.get('content-type') ?? 'nothing';
    if (!/\bjson\b/.test(type)) throw notDoubletake(address, type);
    try {
      return (await response.json()) as T;
    } catch (error) {
      throw unreachable(address, error);
    }
  }

  return {
    get address() {
      return addressOf();
    },
    headers,
    get: (path, signal) => json(path, { signal: signal ?? null }),
    post: (path, body, extra = {}) =>
      json(path, {
        method: 'POST',
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...extra },
        body: body === undefined ? null : JSON.stringify(body),
      }),
    patch: (path, body) =>
      json(path, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    delete: (path) => json(path, { method: 'DELETE' }),
    open: (path, { accept = '*/*', signal, headers: more } = {}) =>
      send(path, { headers: { accept, ...more }, signal: signal ?? null }),
  };
}

/** Turns an answer of 400 or more into what the user reads. */
export function refusal(status: number, body: string): ServerRefused {
  let problem: Problem = {};
  try {
    problem = JSON.parse(body) as Problem;
  } catch {
    // A proxy's own page; the status must do.
  }
  return new ServerRefused(status, problem);
}

export function unreachable({ url, origin }: ServerAddress, cause: unknown): ServerUnreachable {
  if (origin === linked) {
    return new ServerUnreachable(
      `No answer from ${url}, where the server keeps its files: ${reasonOf(cause)}.`,
      { cause },
    );
  }
  return new ServerUnreachable(
    `No answer from the server at ${url} (address from ${origin}): ${reasonOf(cause)}. Start it with "npm start", or name another with --api or DOUBLETAKE_API.`,
    { cause },
  );
}

function notDoubletake({ url }: ServerAddress, type: string): ServerUnreachable {
  return new ServerUnreachable(
    `The server at ${url} answers with ${type}, not as Doubletake does. Check the address (--api or DOUBLETAKE_API).`,
  );
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the host name could not be looked up',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  ETIMEDOUT: 'it took too long',
  UND_ERR_CONNECT_TIMEOUT: 'it took too long',
  UND_ERR_HEADERS_TIMEOUT: 'it took too long',
};

/** `fetch` wraps what happened, sometimes twice, and an IPv4+IPv6 failure in an AggregateError. */
function reasonOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = (at as NodeJS.ErrnoException).code;
    if (code) return reasons[code] ?? code;
    if (at instanceof AggregateError) return reasonOf(at.errors[0]);
    if (!at.cause) return at.message || at.name;
  }
  return String(error);
}
