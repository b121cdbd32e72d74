import swagger from '@fastify/swagger';
import reference from '@scalar/fastify-api-reference';
import type { FastifySchema } from 'fastify';
import fp from 'fastify-plugin';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { ZodObject, ZodType } from 'zod';
import type { Access } from '../access/user.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { KindApis } from '../kind-api.ts';
import { problemMediaType } from '../schemas/problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Headers for the document alone: those of a request are checked by whoever speaks the protocol they belong to. */
    documentedHeaders?: DocumentedHeaders;
  }
}

export interface DocumentedHeaders {
  request?: ZodObject;
  /** By status, each header with what it says. */
  answers?: Readonly<Record<number, Readonly<Record<string, string>>>>;
}

/** Body schemas by media type, as Fastify validates them and the type provider does not yet document them. */
interface BodyByMediaType {
  content: Record<string, { schema: ZodType }>;
}

function isByMediaType(body: unknown): body is BodyByMediaType {
  return typeof body === 'object' && body !== null && 'content' in body && typeof body.content === 'object';
}

const transform: typeof jsonSchemaTransform = (document) => {
  const schema = document.schema as (FastifySchema & { hide?: boolean }) | undefined;
  if (!schema || schema.hide) return jsonSchemaTransform(document);
  const { body, ...rest } = schema;
  const access = document.route.config?.access as Access;
  const ofProtocol = document.route.config?.documentedHeaders;
  const documented = {
    ...rest,
    ...(ofProtocol?.request && { headers: ofProtocol.request }),
    ...(access !== 'public' && { security: [{ bearer: [] }] }),
    'x-access': access,
    ...(body !== undefined && !isByMediaType(body) && { body }),
  };
  const transformed = jsonSchemaTransform({ ...document, schema: documented });
  if (isByMediaType(body)) {
    const content = Object.entries(body.content).map(([mediaType, { schema: one }]) => {
      const { schema: asJson } = jsonSchemaTransform({ ...document, schema: { body: one } });
      return [mediaType, { schema: asJson?.body }];
    });
    (transformed.schema as { body?: unknown }).body = { content: Object.fromEntries(content) };
  }
  const { response } = transformed.schema as { response: Record<string, { headers?: object }> };
  for (const [status, headers] of Object.entries(ofProtocol?.answers ?? {})) {
    const described = Object.entries(headers).map(([name, says]) => [
      name,
      { type: 'string', description: says },
    ]);
    Object.assign(response[status] ?? {}, { headers: Object.fromEntries(described) });
  }
  return transformed;
};

interface Named {
  components?: { schemas?: Record<string, unknown> };
  paths?: unknown;
}

/** Every named schema comes as it is read and as it is written; most are used one way only. */
function withoutUnused<Document extends object>(document: Document): Document {
  const { components, paths } = document as Named;
  const schemas = components?.schemas ?? {};
  const used = new Set<string>();
  const use = (part: unknown) => {
    for (const [, name = ''] of JSON.stringify(part ?? {}).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      use(schemas[name]);
    }
  };
  use(paths);
  for (const name of Object.keys(schemas)) if (!used.has(name)) delete schemas[name];
  return document;
}

const description = `Upload a recording, get a quick look, then a deep one.

- Times are ISO 8601 in UTC, names are \`snake_case\`, a list answers \`{items, next_cursor}\`.
- Every answer of 400 and above is \`application/problem+json\` (RFC 9457), also to what is no request that can be read. Only the 503 of \`/health/ready\` has its usual body, which names what is down.
- Every answer has \`X-Request-Id\`: the request's own where it had one that is harmless to log.
- HEAD is possible where GET is, but for event streams and what is made as it is sent. Another method that a path does not have is a 405 (\`MethodNotAllowed\`).
- Others' ids are 404, as ids that do not exist are.`;

/** In the order of a first visit: the call that everything begins with comes first. */
const tagsWith = (kindApis: KindApis) => [
  {
    name: 'jobs',
    description:
      'Analyse a file (`POST /api/jobs`), follow the job, read what it found, answer what it asks.',
  },
  ...Object.entries(kindApis).flatMap(([name, { description }]) =>
    description ? [{ name, description }] : [],
  ),
  { name: 'uploads', description: 'Large files, resumably (tus 1.0).' },
  { name: 'sessions', description: 'One upload and the jobs on it.' },
  { name: 'deletions', description: 'How far what was deleted is gone.' },
  { name: 'health', description: 'For operators and their machines.' },
];

/** The reference page brings its own script and styles, some inline. */
const pageHeaders = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'", "'unsafe-inline'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'", 'data:'],
      frameAncestors: ["'none'"],
    },
  },
};

/** The document at `/api/openapi.json` and a page to read it at `/api/docs`; nothing is loaded from elsewhere. */
export const openapi = fp<Pick<ApiDependencies, 'version' | 'kindApis'>>(
  async (api, { version, kindApis }) => {
    await api.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Doubletake',
          version,
          description,
          license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        },
        tags: tagsWith(kindApis),
        components: {
          responses: {
            MethodNotAllowed: {
              description:
                'The path has no such method. Of any path, and so of no operation in this document.',
              headers: { allow: { description: 'The methods it has.', schema: { type: 'string' } } },
              content: { [problemMediaType]: { schema: { $ref: '#/components/schemas/Problem' } } },
            },
          },
          securitySchemes: {
            bearer: {
              type: 'http',
              scheme: 'bearer',
              description: 'An API key (`dt_…`) or an OIDC access token.',
            },
          },
        },
      },
      transform,
      transformObject: (document) => withoutUnused(jsonSchemaTransformObject(document)),
    });

    api.get(
      '/api/openapi.json',
      { config: { access: 'public' }, schema: { hide: true } as FastifySchema },
      () => api.swagger(),
    );

    await api.register(async (page) => {
      page.addHook('onRoute', (route) => {
        route.config = Object.assign(route.config ?? {}, { access: 'public' as const, helmet: pageHeaders });
      });
      page.addHook('onRequest', async (_request, reply) => {
        reply.header('cache-control', 'public, max-age=3600');
      });
      await page.register(reference, {
        routePrefix: '/api/docs',
        logLevel: 'warn',
        configuration: {
          url: '/api/openapi.json',
          withDefaultFonts: false,
          telemetry: false,
          pageTitle: 'Doubletake API',
          // What leads to their maker's services, which this page may not reach anyway.
          agent: { disabled: true },
          mcp: { disabled: true },
          showDeveloperTools: 'never',
          hideClientButton: true,
        },
      });
    });
  },
);
