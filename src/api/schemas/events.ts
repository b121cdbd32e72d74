import { z } from 'zod';

const job = { $ref: '#/components/schemas/Job' };

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
    'Each event has a name, one line of `data`, which is JSON, and an `id`, which only `problem` lacks. `x-events` has the schema of `data` by the name of the event.',
  examples: ['event: progress\nid: 1.1795174590123\ndata: {"id":"…","status":"processing",…}\n\n'],
  'x-events': {
    progress: { description: 'The job, at once and after each change.', data: job },
    end: {
      description: 'The job when it has ended, or that it was deleted; then the stream closes.',
      data: { anyOf: [job, deleted] },
    },
    problem: {
      description: 'Why the client may no longer read; then the stream closes.',
      data: { $ref: '#/components/schemas/Problem' },
    },
  },
});
