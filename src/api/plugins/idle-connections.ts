import fp from 'fastify-plugin';

const everyMs = 200;

/**
 * Closing the API closes the connections that are idle at that moment. One whose request ends only afterwards would be
 * kept open for a next one, and the API with it, for the 72 seconds of keep-alive.
 */
export const idleConnections = fp(async (api) => {
  api.addHook('preClose', async () => {
    const sweep = setInterval(() => api.server.closeIdleConnections(), everyMs).unref();
    api.server.once('close', () => clearInterval(sweep));
  });
});
