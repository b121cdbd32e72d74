import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import Fastify from 'fastify';
import fp from 'fastify-plugin';

/**
 * JSON needs no script, no style and no frame. Routes that serve a page loosen this by their own `helmet`
 * option. HSTS is for the proxy that ends TLS: here it would lock a browser out of http://localhost.
 */
const settings: FastifyHelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  crossOriginResourcePolicy: { policy: 'same-origin' },
  referrerPolicy: { policy: 'no-referrer' },
  xFrameOptions: { action: 'deny' },
  strictTransportSecurity: false,
};

export const securityHeaders = fp(async (api) => {
  await api.register(helmet, settings);

  // What one user reads must not come out of a shared cache for another; ETags still save the bytes.
  api.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'private, no-cache');
  });
});

/** Of an answer by itself, not of every answer. */
const ofOneAnswer = ['content-type', 'content-length', 'date', 'connection'];

/** The same headers as data, for answers to requests that Fastify refuses before it runs any hook. */
export async function securityHeadersAsData(): Promise<Record<string, string>> {
  const probe = Fastify();
  await probe.register(securityHeaders);
  probe.get('/', async () => '');
  const { headers } = await probe.inject('/');
  await probe.close();
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !ofOneAnswer.includes(name))
      .map(([name, value]) => [name, String(value)]),
  );
}
