import { z } from 'zod';

/** RFC 9457. Every answer of 400 and above has this shape, as `application/problem+json`, but for the 503 of `/health/ready`. */
export const problem = z
  .looseObject({
    type: z.string().describe('`urn:doubletake:problem:<word>`; the word is stable, for programs.'),
    title: z.string().describe('The same for every problem of this type.'),
    status: z.int().min(400).max(599),
    detail: z.string().describe('What happened to this request, to which file, and what to do. For people.'),
    request_id: z.string().describe('The `X-Request-Id` of the answer; quote it when asking for help.'),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .describe('Each field that was wrong, as the request named it.'),
  })
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof problem>;

export const problemMediaType = 'application/problem+json';

/** A route's answer of 400 and above, for its response schema. */
export function problemOf(description: string) {
  return { description, content: { [problemMediaType]: { schema: problem } } };
}
