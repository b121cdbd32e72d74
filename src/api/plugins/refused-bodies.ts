import fp from 'fastify-plugin';

/** How long a refused upload may go on sending before its connection is cut. */
const patienceMs = 30_000;

/**
 * A request refused before its body was read (415 after the first bytes of a 2 GB upload) still has a client
 * that sends. Cutting the connection at once would often lose the answer: the client sees a broken pipe. So
 * what still comes is thrown away, for a while.
 */
export const refusedBodies = fp(async (api) => {
  api.addHook('onResponse', async ({ raw }) => {
    if (raw.complete || raw.destroyed) return;
    raw.unpipe();
    raw.resume();
    const cut = setTimeout(() => raw.destroy(), patienceMs).unref();
    raw.once('close', () => clearTimeout(cut));
  });
});
