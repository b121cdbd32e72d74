import { z } from 'zod';
import type { Kinds } from '../../domain/kind-registry.ts';
import { capitalized } from '../../domain/kind-words.ts';
import { oneOfNamed } from './named.ts';
import { newWebhook } from './webhook.ts';

/**
 * A request for a job: on something uploaded before (a finished upload, or a session that had a job already), or on the
 * live source that the options name.
 */
const newJob = z.strictObject({
  upload_id: z.uuid().optional().describe('A finished upload of `POST /api/uploads`, not yet used by a job.'),
  session_id: z.uuid().optional().describe('A session: one more job on the same file.'),
  kind: z.string(),
  options: z.record(z.string(), z.unknown()).default({}),
  webhook: newWebhook.optional(),
});

export type NewJobJson = z.infer<typeof newJob>;

/** What `POST /api/jobs` takes, as the document tells it of these kinds. */
export function newJobSchemas(kinds: Kinds) {
  const liveKinds = kinds.all.filter(({ source }) => source !== 'file').map(({ kind }) => kind);
  /** Checked by `optionsOf`, which knows the kind. */
  const options = oneOfNamed(
    z.record(z.string(), z.unknown()),
    'As the kind wants them.',
    kinds.all.map((kind) => [`${capitalized(kind.kind)}Options`, kind.options]),
  ).default({});

  const json = newJob
    .extend({ kind: z.string().describe(`One of: ${kinds.names.join(', ')}.`), options })
    .refine(
      ({ upload_id, session_id, kind }) =>
        liveKinds.includes(kind) || (upload_id === undefined) !== (session_id === undefined),
      { message: 'name exactly one of upload_id and session_id', path: ['upload_id'] },
    )
    .refine(({ upload_id, session_id }) => upload_id === undefined || session_id === undefined, {
      message: 'name one of upload_id and session_id, not both',
      path: ['upload_id'],
    })
    .meta({ id: 'NewJob' });

  /**
   * Documents the multipart form; the body itself is read as it streams, by `accept/receive-form.ts`. Any order
   * works, but with `kind`, `options` and `webhook` first a mistake in them is answered before the file is sent.
   */
  const form = z.any().meta({
    id: 'NewJobForm',
    type: 'object',
    required: ['kind', 'file'],
    properties: {
      kind: { type: 'string', enum: [...kinds.names] },
      options: { type: 'string', contentMediaType: 'application/json', description: 'JSON, of the kind.' },
      webhook: {
        type: 'string',
        contentMediaType: 'application/json',
        description: 'JSON, as `NewWebhook`: whom to tell when the job waits for a person or ends.',
      },
      file: { type: 'string', contentMediaType: 'application/octet-stream' },
    },
  });
  return { json, form };
}

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
