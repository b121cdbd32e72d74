import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { HttpProblem } from '../http-problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Aborted, with an `HttpProblem` as its reason, when the rest of the body is no longer waited for. Whoever reads
     * the body sees it fail with that problem, too.
     */
    untilRefused(): AbortSignal;
  }
}

export interface LongBodiesOptions {
  /** Average of two looks below which a body is not waited for. */
  bytesPerSecond: number;
  /** Between two looks, ms; a minute unless told. */
  lookMs?: number;
}

function tooSlow(bytesPerSecond: number): HttpProblem {
  const detail = `The body arrives with less than ${bytesPerSecond} bytes a second. Send it over a faster connection; a resumable upload goes on where it was.`;
  return new HttpProblem(408, 'too-slow', 'The body arrives too slowly', detail);
}

const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * A body may take hours, so there is no limit on its time. Instead it is looked at each minute: one that hardly moves
 * would hold its connection for months, and one whose credential is no longer good has no business here.
 *
 * Whatever reads the body (Fastify for JSON, the parser of forms, the protocol of resumable uploads) listens for the error
 * of a connection that breaks, at any moment of its reading. It is told of the refusal as of such an error: the
 * connection stays for the answer, which destroying the request would take away.
 */
export const longBodies = fp<LongBodiesOptions>(async (api, { bytesPerSecond, lookMs = 60_000 }) => {
  const least = (bytesPerSecond * 2 * lookMs) / 1000;
  const signals = new WeakMap<FastifyRequest, AbortSignal>();

  api.addHook('onRequest', async (request) => {
    const { raw } = request;
    if (!hasBody(raw)) return;
    const refused = new AbortController();
    signals.set(request, refused.signal);
    /** Bytes that had arrived at the last two looks. */
    let looks: number[] = [];

    function slowness(): HttpProblem | null {
      const arrived = raw.socket.bytesRead;
      const [earlier] = looks.length === 2 ? looks : [];
      looks = [...looks.slice(-1), arrived];
      // What waits here to be read is ours to be slow with.
      const isSlow = earlier !== undefined && arrived - earlier < least && raw.readableLength === 0;
      return isSlow ? tooSlow(bytesPerSecond) : null;
    }

    const timer = setInterval(async () => {
      const refusal = slowness() ?? (await request.refusal());
      if (!refusal || refused.signal.aborted) return;
      clearInterval(timer);
      refused.abort(refusal);
      // A body that nobody reads holds up no answer. Without a listener an error would end the process.
      if (raw.listenerCount('error') > 0) raw.emit('error', refusal);
      else raw.destroy();
    }, lookMs).unref();
    raw.once('close', () => clearInterval(timer));
  });

  api.decorateRequest('untilRefused', function (this: FastifyRequest) {
    return signals.get(this) ?? new AbortController().signal;
  });
});
