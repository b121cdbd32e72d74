import { z } from 'zod';
import { kinds } from '../../domain/kinds/index.ts';
import { newWebhook } from './webhook.ts';

/** The kinds' own options by their name in the document, e.g. `TechniqueOptions`. */
const optionsNames = Object.values(kinds).map(({ kind, options }) => {
  const name = `${kind.replace(/^./, (first) => first.toUpperCase())}Options`;
  z.globalRegistry.add(options, { id: name });
  return name;
});

/** Checked by `optionsOf`, which knows the kind. */
const anyOptions = z.record(z.string(), z.unknown()).meta({
  description: 'As the kind wants them.',
  // The registry adds "Input" to the name of a schema as it is sent.
  anyOf: optionsNames.map((name) => ({ $ref: `#/components/schemas/${name}Input` })),
});

const kind = z.string().describe(`One of: ${Object.keys(kinds).join(', ')}.`);

/** A job on something uploaded before: a finished upload, or a session that had a job already. */
export const newJobJson = z
  .strictObject({
    upload_id: z
      .uuid()
      .optional()
      .describe('A finished upload of `POST /api/uploads`, not yet used by a job.'),
    session_id: z.uuid().optional().describe('A session: one more job on the same file.'),
    kind,
    options: anyOptions.default({}),
    webhook: newWebhook.optional(),
  })
  .refine(({ upload_id, session_id }) => (upload_id === undefined) !== (session_id === undefined), {
    message: 'name exactly one of upload_id and session_id',
    path: ['upload_id'],
  })
  .meta({ id: 'NewJob' });

export type NewJobJson = z.infer<typeof newJobJson>;

/**
 * Documents the multipart form; the body itself is read as it streams, by `accept/receive-form.ts`. Any order
 * works, but with `kind`, `options` and `webhook` first a mistake in them is answered before the file is sent.
 */
export const newJobForm = z.any().meta({
  id: 'NewJobForm',
  type: 'object',
  required: ['kind', 'file'],
  properties: {
    kind: { type: 'string', enum: Object.keys(kinds) },
    options: { type: 'string', contentMediaType: 'application/json', description: 'JSON, of the kind.' },
    webhook: {
      type: 'string',
      contentMediaType: 'application/json',
      description: 'JSON, as `NewWebhook`: whom to tell when the job waits for a person or ends.',
    },
    file: { type: 'string', contentMediaType: 'application/octet-stream' },
  },
});

export const idempotencyHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe(
      'Your word for this request (a UUID, say). Sent again with the same content it answers with the same job.',
    ),
});
