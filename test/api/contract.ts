import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

interface Operation {
  'x-access': 'public' | 'user' | 'operator';
  tags?: string[];
  security?: unknown[];
  responses: Record<string, { content?: Record<string, unknown> }>;
}

export interface DocumentedRoute extends Operation {
  method: string;
  path: string;
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

  function routeOf(method: string, path: string): DocumentedRoute | undefined {
    const [pathname] = path.split('?') as [string];
    const fits = (template: string) =>
      new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(pathname);
    return routes.find((route) => route.method === method && fits(route.path));
  }

  return {
    validity,
    routes,
    /** @throws when the status is not documented or the body is not as documented */
    check(method: string, path: string, response: Response, body: unknown): void {
      const route = routeOf(method, path);
      // HEAD of a GET, and pages that do not exist, are not in the document.
      if (!route) return;
      const what = `${method} ${path} → ${response.status}`;
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
      const reference = ['api#', ...[...steps, 'content', mediaType, 'schema'].map(pointer)].join('/');
      const validate = compiled.get(reference) ?? ajv.compile({ $ref: encodeURI(reference) });
      compiled.set(reference, validate);
      if (!validate(body))
        throw new Error(`${what}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(body)}`);
    },
  };
}
