import type { Socket } from 'node:net';
import fp from 'fastify-plugin';
import { HttpProblem } from '../http-problem.ts';

/** Not for each: who opens too many would fill the log, too. */
const tellMs = 60_000;

function allAtWork(): HttpProblem {
  const detail =
    'As many connections as this server holds are at work, for instance with event streams. Try again shortly.';
  return new HttpProblem(503, 'too-many-connections', 'Too many connections', detail, {
    headers: { 'retry-after': '5' },
  });
}

/**
 * However many clients come, or one opens, the process keeps descriptors and memory for those that are there. A
 * connection is at work while a request on it is handled for a user who was let in. Of the others, the one that has been
 * there longest makes room for a new one: strangers close out each other, and neither users nor whoever asks for the
 * service's health. Users have nine tenths, so that there are always others. Registered after what lets users in.
 */
export const maxConnections = fp<{ connections: number }>(async (api, { connections }) => {
  const mostAtWork = connections - Math.ceil(connections / 10);
  const open = new Set<Socket>();
  /** In the order in which they came, or last were at work. */
  const spare = new Set<Socket>();
  /** How many requests are handled on each; pipelined ones overlap. */
  const atWork = new Map<Socket, number>();
  let toldAt = Number.NEGATIVE_INFINITY;
  let closed = 0;

  function forget(socket: Socket): void {
    for (const sockets of [open, spare, atWork]) sockets.delete(socket);
  }

  function makeRoom(): void {
    const [longest] = spare;
    if (!longest) return;
    forget(longest);
    longest.destroy();
    closed++;
    if (Date.now() - toldAt < tellMs) return;
    api.log.warn({ closed, connections }, 'too many connections: those longest without a user are closed');
    toldAt = Date.now();
    closed = 0;
  }

  function finish(socket: Socket): void {
    // Its connection may have been closed meanwhile.
    if (!open.has(socket)) return;
    const requests = (atWork.get(socket) ?? 0) - 1;
    if (requests > 0) return void atWork.set(socket, requests);
    atWork.delete(socket);
    spare.add(socket);
  }

  api.server.on('connection', (socket: Socket) => {
    open.add(socket);
    spare.add(socket);
    socket.once('close', () => forget(socket));
    if (open.size > connections) makeRoom();
  });

  api.addHook('onRequest', async ({ user, raw: { socket } }, reply) => {
    // One that is not among them has made room already, or is none (`inject`).
    if (!user || !open.has(socket)) return;
    const requests = atWork.get(socket) ?? 0;
    if (requests === 0 && atWork.size >= mostAtWork) throw allAtWork();
    atWork.set(socket, requests + 1);
    spare.delete(socket);
    reply.raw.once('close', () => finish(socket));
  });
});
