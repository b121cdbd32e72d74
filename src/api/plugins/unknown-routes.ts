import { errorCodes, type FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { HttpProblem } from '../http-problem.ts';
import { pathAsAsked } from '../request-address.ts';

/** Whether a route's pattern (`/api/jobs/:id`, `/files/*`) is of this path. */
function isOf(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  const isOpen = wanted.at(-1) === '*';
  if (isOpen ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((part, n) => part === '*' || part.startsWith(':') || part === given[n]);
}

/** @throws what the router throws for an address that cannot be decoded */
function pathOf(url: string): string {
  const [path = ''] = url.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/);
  try {
    return decodeURI(path);
  } catch {
    throw new errorCodes.FST_ERR_BAD_URL(url);
  }
}

/**
 * What no route takes: 405 with `Allow` where the path has other methods, else 404. Before the body is read, and before
 * anybody is asked for a token.
 */
export const unknownRoutes = fp(async (api) => {
  const methodsByPattern = new Map<string, Set<string>>();
  api.addHook('onRoute', ({ url, method }) => {
    const methods = methodsByPattern.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one.toUpperCase());
    methodsByPattern.set(url, methods);
  });

  function refusalOf({ method, url }: FastifyRequest): HttpProblem {
    const path = pathOf(url);
    const exact = methodsByPattern.get(path);
    const patterns = exact
      ? [[path, exact] as const]
      : [...methodsByPattern].filter(([pattern]) => isOf(pattern, path));
    const allow = [...new Set(patterns.flatMap(([, methods]) => [...methods]))].sort().join(', ');
    if (!allow)
      return new HttpProblem(404, 'not-found', 'Not found', `There is no ${method} ${pathAsAsked(url)}.`);
    const detail = `${path} has no ${method}; it has ${allow}.`;
    return new HttpProblem(405, 'method-not-allowed', 'No such method here', detail, { headers: { allow } });
  }

  api.addHook('onRequest', async (request) => {
    if (request.is404) throw refusalOf(request);
  });
  api.setNotFoundHandler((request) => {
    throw refusalOf(request);
  });
});
