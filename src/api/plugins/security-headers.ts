import helmet from '@fastify/helmet';
import fp from 'fastify-plugin';

/**
 * JSON needs no script, no style and no frame. Routes that serve a page loosen this by their own `helmet`
 * option. HSTS is for the proxy that ends TLS: here it would lock a browser out of http://localhost.
 */
export const securityHeaders = fp(async (api) => {
  await api.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: false,
  });

  // What one user reads must not come out of a shared cache for another; ETags still save the bytes.
  api.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'private, no-cache');
  });
});
