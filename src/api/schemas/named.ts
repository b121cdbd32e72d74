import { z } from 'zod';

/**
 * A body whose shape depends on the kind: any object to the validator, one of the named schemas in the API's document.
 * @param named the schemas by their name in the document, e.g. `TechniqueOptions`
 */
export function oneOfNamed<Body extends z.ZodType>(
  body: Body,
  description: string,
  named: readonly (readonly [name: string, schema: z.ZodType])[],
): Body {
  for (const [name, schema] of named)
    if (!z.globalRegistry.has(schema)) z.globalRegistry.add(schema, { id: name });
  if (named.length === 0) return body.describe(description);
  return body.meta({
    description,
    // The registry adds "Input" to the name of a schema as it is sent.
    anyOf: named.map(([name]) => ({ $ref: `#/components/schemas/${name}Input` })),
  });
}
