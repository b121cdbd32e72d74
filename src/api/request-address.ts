/** What a request of Fastify's has of its address and its route. */
interface Addressed {
  url: string;
  routeOptions?: { schema?: { querystring?: unknown } };
}

/** The path as it was asked for. An answer or a log may repeat it; what stands behind it may be anybody's secret. */
export function pathAsAsked(url: string): string {
  return url.split(/[?#]/, 1)[0] as string;
}

/**
 * The address for the log: of its query the names that the route takes, and nothing else that was written there. Nothing
 * is guessed, for a secret may stand without a name, or in a name's place.
 */
export function addressForLog({ url, routeOptions }: Addressed): string {
  const path = pathAsAsked(url);
  if (path === url) return url;
  const taken = namesOf(routeOptions?.schema?.querystring);
  const parameters = url
    .slice(path.length + 1)
    .split('&')
    .map((parameter) => parameter.split('=', 1)[0] as string)
    .map((name) => (taken.has(name) ? `${name}=[redacted]` : '[redacted]'));
  return `${path}?${[...new Set(parameters)].join('&')}`;
}

/** The names of a query's schema, which is Zod's here. */
function namesOf(schema: unknown): ReadonlySet<string> {
  const { shape = {} } = (schema ?? {}) as { shape?: object };
  return new Set(Object.keys(shape));
}
