import fp from 'fastify-plugin';
import { Histogram, type Registry } from 'prom-client';

/** Durations by route pattern, never by URL: ids would make a series of each job. */
export const requestMetrics = fp<{ registry: Registry }>(async (api, { registry }) => {
  const durations = new Histogram({
    name: 'doubletake_http_request_duration_seconds',
    help: 'Time from the request line to the last byte of the answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600],
    registers: [registry],
  });
  api.addHook('onResponse', async (request, reply) => {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
});
