import { z } from 'zod';

const job = { $ref: '#/components/schemas/Job' };
const problem = { $ref: '#/components/schemas/Problem' };

const deleted = {
  type: 'object',
  required: ['id', 'deleted'],
  properties: { id: { type: 'string', format: 'uuid' }, deleted: { const: true } },
  additionalProperties: false,
};

/**
 * Server-sent events of a job, as `progress-events.ts` writes them. OpenAPI 3.1 knows no events: it has the stream as a
 * string, and what its events hold under `x-events`, as JSON Schemas of their `data` by their names.
 */
export const jobEvents = z.string().meta({
  id: 'JobEvents',
  description:
    'Each event has a name and one line of `data`, which is JSON; all but `problem` have an `id`, too. `x-events` has the schema of `data` by the name of the event.',
  examples: ['event: progress\nid: 1.1795174590123\ndata: {"id":"…","status":"processing",…}\n\n'],
  'x-events': {
    progress: { description: 'The job, at once and after each change.', data: job },
    end: {
      description: 'The job when it has ended, or that it was deleted; then the stream closes.',
      data: { anyOf: [job, deleted] },
    },
    problem: {
      description:
        'The answer that a new request would get, once the client may no longer read; then the stream closes.',
      data: problem,
    },
  },
});
