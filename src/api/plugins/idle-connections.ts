import type { Socket } from 'node:net';
import fp from 'fastify-plugin';

const everyMs = 200;

/**
 * Closing the API closes the connections that are idle at that moment. One whose request ends only afterwards would be
 * kept open for a next one, and the API with it, for the 72 seconds of keep-alive; so would one on which nothing was ever
 * asked, as clients open them for later, since Node.js does not call it idle.
 */
export const idleConnections = fp(async (api) => {
  const open = new Set<Socket>();
  api.server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });

  api.addHook('preClose', async () => {
    const sweep = setInterval(() => {
      api.server.closeIdleConnections();
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    }, everyMs).unref();
    api.server.once('close', () => clearInterval(sweep));
  });
});
