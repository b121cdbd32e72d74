import { z } from 'zod';
import type { findDeletion } from '../../database/deletions/find-deletion.ts';
import { instant, iso, isoOrNull, links } from './answers.ts';

export const deletionId = z.object({ id: z.uuid().describe('The deletion’s id.') });

/** Deletion of a job or a session: hidden at once, removed for good by a workflow. */
export const deletion = z
  .object({
    id: z.uuid(),
    target: z.enum(['job', 'session']),
    target_id: z.uuid(),
    state: z.string().describe('`requested`, then `deleting`, then `done`.'),
    created_at: instant,
    completed_at: instant.nullable(),
    links,
  })
  .meta({ id: 'Deletion' });

/** Query of `DELETE`. */
export const deletionQuery = z.object({
  cancel: z
    .enum(['true', 'false'])
    .default('false')
    .transform((word) => word === 'true')
    .describe('`true`: cancel what still runs, then delete. Otherwise running work is a 409.'),
});

type Deletion = NonNullable<Awaited<ReturnType<typeof findDeletion>>>;

export function viewOfDeletion(row: Deletion): z.infer<typeof deletion> {
  const { id, target, target_id, state } = row;
  const times = { created_at: iso(row.created_at), completed_at: isoOrNull(row.completed_at) };
  return { id, target, target_id, state, ...times, links: { self: `/api/deletions/${id}` } };
}
