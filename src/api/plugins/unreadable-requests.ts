import { randomUUID } from 'node:crypto';
import { type IncomingMessage, maxHeaderSize, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyBaseLogger, FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { HttpProblem } from '../http-problem.ts';
import { problemMediaType } from '../schemas/problem.ts';
import { bodyOf, refuse } from './problems.ts';

const title = 'The request cannot be read';

/** What Node's parser says of bytes that are no request. */
const byParserCode: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [
    431,
    `The request line and the headers are larger than ${maxHeaderSize} bytes together. Send fewer or shorter headers.`,
  ],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [
    413,
    'The extensions of a chunk are too large. Send the body without them.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The headers did not arrive in time. Send the request again.'],
};
const notHttp = [
  400,
  'What was sent is not HTTP/1.1 that can be read. See whether it was meant for this port.',
] as const;

/** How long a client that was answered may leave its connection open, ms. */
const lastPatienceMs = 1000;

/** A socket with the answer that is being written to it, as Node keeps it. */
interface Answering extends Duplex {
  _httpMessage?: ServerResponse | null;
}

/**
 * Answers to what never becomes a request of Fastify's hooks: the problem, with the headers that every answer has.
 * @param headers of every answer
 */
export function unreadableRequests(log: FastifyBaseLogger, headers: Readonly<Record<string, string>>) {
  const answered = new WeakSet<Duplex>();

  function write(socket: Answering, refusal: HttpProblem): void {
    // What else such a client sends breaks as the first of it did.
    if (answered.has(socket)) return;
    // Half of another answer, with this one behind it, would be taken for that answer's body.
    if (!socket.writable || socket._httpMessage?.headersSent) return void socket.destroy();
    answered.add(socket);
    const id = randomUUID();
    const { status, problem: word, message: detail } = refusal;
    log.info({ reqId: id, problem: word, detail }, 'refused');
    const body = JSON.stringify(bodyOf({ word, title: refusal.title, status, detail }, id));
    const all = {
      ...headers,
      ...refusal.headers,
      date: new Date().toUTCString(),
      'x-request-id': id,
      'content-type': `${problemMediaType}; charset=utf-8`,
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
    // Node listens no more to a socket that was to become a tunnel.
    socket.on('error', () => {});
    socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n'));
    // Cut at once, a client that is still sending would often lose the answer; it is not waited for long.
    socket.resume();
    const cut = setTimeout(() => socket.destroy(), lastPatienceMs).unref();
    socket.once('close', () => clearTimeout(cut));
  }

  return {
    /** Of Fastify's router: an address that cannot be decoded, or a part of it that is too long. */
    frameworkErrors(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
      reply.headers({ ...headers, 'x-request-id': request.id });
      refuse(error, request, reply);
    },
    /** Of Node's parser. */
    clientErrorHandler(error: NodeJS.ErrnoException, socket: Duplex): void {
      if (error.code === 'ECONNRESET' || socket.destroyed) return void socket.destroy();
      const [status, detail] = byParserCode[error.code ?? ''] ?? notHttp;
      write(socket, new HttpProblem(status, 'bad-request', title, detail));
    },
    /** What Node would otherwise answer by itself, without a word. */
    plugin: fp(async (api) => {
      api.server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
        const detail = 'This server is no proxy: it opens no tunnels. Ask it for its own addresses.';
        const headers = { allow: '' };
        write(socket, new HttpProblem(405, 'method-not-allowed', 'No such method here', detail, { headers }));
      });
      // RFC 9110 §10.1.1: an expectation that is not known may be passed over.
      api.server.on('checkExpectation', (request, response) => api.server.emit('request', request, response));
      api.addHook('onRequest', async ({ raw, headers: { host } }) => {
        if (host !== undefined || raw.httpVersion !== '1.1') return;
        const detail = 'The header "Host" is missing, which HTTP/1.1 demands.';
        throw new HttpProblem(400, 'bad-request', title, detail);
      });
    }),
  };
}
