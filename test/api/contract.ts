import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

interface Operation {
  'x-access': 'public' | 'user' | 'operator';
  tags?: string[];
  security?: unknown[];
  parameters?: { name: string; in: string }[];
  responses: Record<string, { content?: Record<string, unknown>; headers?: Record<string, unknown> }>;
}

export interface DocumentedRoute extends Operation {
  method: string;
  path: string;
}

/** Whether its answer is an event stream that nothing but the client or the server ends: it is about no one thing. */
export function goesOn({ path, responses }: Pick<DocumentedRoute, 'path' | 'responses'>): boolean {
  return !path.includes('{') && 'text/event-stream' in (responses[200]?.content ?? {});
}

const pointer = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1');

/** The OpenAPI document as a contract: is it one, and is each answer as it says? */
export async function openContract(document: object) {
  // The page gets the document as JSON; what JSON drops is not in it.
  const plain = JSON.parse(JSON.stringify(document)) as { paths: Record<string, Record<string, Operation>> };
  const validity = await new Validator().validate(structuredClone(plain));
  const ajv = new Ajv2020({ strict: false });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema({ $id: 'api', ...plain });
  const compiled = new Map<string, ValidateFunction>();

  const routes: DocumentedRoute[] = Object.entries(plain.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      ...operation,
    })),
  );

  function routesOf(path: string): DocumentedRoute[] {
    const [pathname] = path.split(/[?#]/) as [string];
    const fits = (template: string) =>
      new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(pathname);
    const exact = routes.filter((route) => route.path === pathname);
    return exact.length > 0 ? exact : routes.filter((route) => fits(route.path));
  }

  /** @param steps into the document, from its root */
  function validatorOf(...steps: string[]): ValidateFunction {
    const reference = ['api#', ...steps.map(pointer)].join('/');
    const validate = compiled.get(reference) ?? ajv.compile({ $ref: encodeURI(reference) });
    compiled.set(reference, validate);
    return validate;
  }

  function validated(what: string, body: unknown, ...steps: string[]): void {
    const validate = validatorOf(...steps);
    if (!validate(body))
      throw new Error(`${what}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(body)}`);
  }

  return {
    validity,
    routes,
    /** @throws when the status is not documented or the body is not as documented */
    check(method: string, path: string, response: Response, body: unknown): void {
      const ofPath = routesOf(path);
      // Pages that do not exist are not in the document.
      if (ofPath.length === 0) return;
      const what = `${method} ${path} → ${response.status}`;
      const called = (name: string) => ofPath.find((one) => one.method === name);
      // An address that cannot be decoded is refused whatever the method.
      if ([400, 405].includes(response.status) && !called(method)) {
        if (method !== 'HEAD') validated(what, body, 'components', 'schemas', 'Problem');
        return;
      }
      const route = called(method) ?? (method === 'HEAD' ? called('GET') : undefined);
      if (!route) throw new Error(`${what}: the method is not in the OpenAPI document`);
      const answer = route.responses[response.status];
      if (!answer) throw new Error(`${what} is not in the OpenAPI document`);
      if (!answer.content || method === 'HEAD') {
        if (body !== '')
          throw new Error(`${what} has a body, the OpenAPI document none: ${JSON.stringify(body)}`);
        return;
      }
      const [mediaType] = (response.headers.get('content-type') ?? '').split(';') as [string];
      if (!answer.content[mediaType]) throw new Error(`${what}: ${mediaType} is not in the OpenAPI document`);
      const steps = ['paths', route.path, route.method.toLowerCase(), 'responses', String(response.status)];
      validated(what, body, ...steps, 'content', mediaType, 'schema');
    },
    /** @throws when it is no problem as documented, for answers to what is no request of any path */
    checkProblem(body: unknown): void {
      validated('a problem', body, 'components', 'schemas', 'Problem');
    },
    /**
     * @param stream the name of its schema
     * @throws when the `data` of a stream's event is not as documented
     */
    checkEvent(name: string, data: unknown, stream = 'JobEvents'): void {
      validated(`event ${name}`, data, 'components', 'schemas', stream, 'x-events', name, 'data');
    },
  };
}
