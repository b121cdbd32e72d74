import { z } from 'zod';
import type { Session } from '../../domain/job.ts';
import { phases } from '../../domain/phase.ts';
import { instant, iso, links } from './answers.ts';

export const sessionId = z.object({ id: z.uuid().describe('The session’s id.') });

export const session = z
  .object({
    id: z.uuid(),
    user_id: z.string(),
    file_name: z.string(),
    media_type: z
      .string()
      .nullable()
      .describe('As found in the bytes, not as the client said; null where the source is live.'),
    bytes: z.int().min(0).nullable().describe('Null where the source is live.'),
    sha256: z.string().nullable().describe('Lower-case hex; null until someone has read the whole file.'),
    status: z.enum(phases).describe('The phase of its newest job; `queued` when it has none left.'),
    created_at: instant,
    updated_at: instant,
    links,
  })
  .meta({ id: 'Session' });

export function viewOfSession(row: Session): z.infer<typeof session> {
  const { id, user_id, file_name, media_type, bytes, sha256, status } = row;
  return {
    ...{ id, user_id, file_name, media_type, bytes, sha256, status },
    created_at: iso(row.created_at),
    updated_at: iso(row.updated_at),
    links: { self: `/api/sessions/${id}`, jobs: `/api/jobs?session_id=${id}` },
  };
}
