import fp from 'fastify-plugin';
import { HttpProblem } from '../http-problem.ts';

/** While the server stops, what is at work is finished; a connection still open brings nothing new. */
export const refuseWhileStopping = fp<{ stopping: AbortSignal }>(async (api, { stopping }) => {
  api.addHook('onRequest', async () => {
    if (!stopping.aborted) return;
    const detail = 'The server is about to stop. Send the request again shortly.';
    const headers = { 'retry-after': '5', connection: 'close' };
    throw new HttpProblem(503, 'stopping', 'The server stops', detail, { headers });
  });
});
