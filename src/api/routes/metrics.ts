import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDependencies } from '../dependencies.ts';

/** For Prometheus, with an operator's API key as its credentials. The worker has a page of its own. */
export const metrics: FastifyPluginAsyncZod<ApiDependencies> = async (api, { registry }) => {
  api.get(
    '/metrics',
    {
      config: { access: 'operator' },
      logLevel: 'warn',
      schema: {
        tags: ['health'],
        summary: 'Metrics in Prometheus’ text format',
        response: { 200: { description: 'Metrics.', content: { 'text/plain': { schema: z.string() } } } },
      },
    },
    async (_request, reply) => reply.type('text/plain; version=0.0.4').send(await registry.metrics()),
  );
};
