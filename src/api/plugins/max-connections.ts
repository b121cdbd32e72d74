import fp from 'fastify-plugin';

/** Not for each: who opens too many would fill the log, too. */
const tellMs = 60_000;

/** However many clients come, or one opens, the process keeps descriptors and memory for those that are there. */
export const maxConnections = fp<{ connections: number }>(async (api, { connections }) => {
  api.server.maxConnections = connections;
  let toldAt = Number.NEGATIVE_INFINITY;
  let refused = 0;
  api.server.on('drop', () => {
    refused++;
    if (Date.now() - toldAt < tellMs) return;
    api.log.warn({ refused, connections }, 'too many connections: new ones are closed unheard');
    toldAt = Date.now();
    refused = 0;
  });
});
