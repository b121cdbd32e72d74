import accepts from '@fastify/accepts';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDependencies } from '../dependencies.ts';
import { pageOf, policyOf } from '../reports/page.ts';

const links = {
  'API reference': '/api/docs',
  'OpenAPI document': '/api/openapi.json',
  'your jobs': '/api/jobs',
  'is it ready?': '/health/ready',
};

const textOf = (examples: readonly string[]) => `# Doubletake

This is the API of a media-analysis service: upload a recording or a photograph, get an answer and a report.

- [The reference](/api/docs) has every call, field and answer.
${examples.map((example) => `- ${example}`).join('\n')}
- [Your jobs](/api/jobs), newest first.
`;

/** For whoever opens the bare address. */
export const welcome: FastifyPluginAsyncZod<ApiDependencies> = async (
  api,
  { version, acceptedKinds, kindApis },
) => {
  const text = textOf(acceptedKinds.names.flatMap((kind) => kindApis[kind]?.example ?? []));
  await api.register(accepts);
  api.get(
    '/',
    {
      config: { access: 'public' },
      schema: {
        tags: ['health'],
        summary: 'What this is, and where to read on',
        response: {
          200: {
            description: 'A page where `Accept` prefers `text/html`.',
            content: {
              'application/json': {
                schema: z.object({
                  name: z.string(),
                  version: z.string(),
                  kinds: z.array(z.string()),
                  links: z.record(z.string(), z.string()),
                }),
              },
              'text/html': { schema: z.string() },
            },
          },
        },
      },
    },
    async (request, reply) => {
      reply.header('vary', 'accept');
      if (request.type(['application/json', 'text/html']) !== 'text/html') {
        const paths = { reference: '/api/docs', openapi: '/api/openapi.json', jobs: '/api/jobs' };
        return { name: 'doubletake', version, kinds: [...acceptedKinds.names], links: paths };
      }
      return reply
        .header('content-security-policy', policyOf())
        .type('text/html; charset=utf-8')
        .send(pageOf({ title: 'Doubletake', text, links }));
    },
  );
};
