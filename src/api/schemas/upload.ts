import { z } from 'zod';
import type { Upload } from '../tus/upload.ts';
import { instant, isoOrNull } from './answers.ts';

export const upload = z
  .object({
    id: z.uuid(),
    user_id: z.string(),
    file_name: z.string(),
    bytes: z.int().min(0).describe('As announced.'),
    media_type: z.string().nullable().describe('As found in the bytes; null until all have arrived.'),
    completed_at: instant.nullable(),
    session_id: z.uuid().nullable().describe('Set once a job has made it a session.'),
  })
  .meta({ id: 'Upload' });

export function viewOfUpload(row: Upload): z.infer<typeof upload> {
  const { id, user_id, file_name, bytes, media_type, completed_at, claimed_by_session } = row;
  return {
    ...{ id, user_id, file_name, bytes },
    media_type: media_type ?? null,
    completed_at: isoOrNull(completed_at),
    session_id: claimed_by_session,
  };
}
