import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import fp from 'fastify-plugin';

const header = 'x-request-id';

/** The caller's own id where it is harmless to log, so that its logs and ours join; else a new one. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers[header];
  return typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID();
}

export const requestId = fp(async (api) => {
  api.addHook('onRequest', async (request, reply) => {
    reply.header(header, request.id);
  });
});
