import type { IncomingMessage } from 'node:http';
import fp from 'fastify-plugin';

/** How long a refused upload may go on sending before its connection is cut, ms. */
const usualPatienceMs = 30_000;
/** When the API is to close: enough for the answer to be read by who is still sending. */
const lastPatienceMs = 1000;

/**
 * A request refused before its body was read (415 after the first bytes of a 2 GB upload) still has a client
 * that sends. Cutting the connection at once would often lose the answer: the client sees a broken pipe. So
 * what still comes is thrown away, for a while. A client that stopped sending without a word does not keep the API
 * from closing.
 */
export const refusedBodies = fp<{ patienceMs?: number }>(async (api, { patienceMs = usualPatienceMs }) => {
  const cuts = new Map<IncomingMessage, NodeJS.Timeout>();
  let closing = false;

  function cutAfter(ms: number, raw: IncomingMessage): void {
    clearTimeout(cuts.get(raw));
    cuts.set(raw, setTimeout(() => raw.destroy(), ms).unref());
  }

  api.addHook('onResponse', async ({ raw }) => {
    if (raw.complete || raw.destroyed) return;
    raw.unpipe();
    raw.resume();
    cutAfter(closing ? lastPatienceMs : patienceMs, raw);
    raw.once('close', () => {
      clearTimeout(cuts.get(raw));
      cuts.delete(raw);
    });
  });

  api.addHook('preClose', async () => {
    closing = true;
    for (const raw of cuts.keys()) cutAfter(lastPatienceMs, raw);
  });
});
