import { z } from 'zod';
import type { Artifact } from '../../domain/artifact.ts';
import { instant } from './answers.ts';

export const artifact = z
  .object({
    pass: z.string(),
    name: z.string(),
    key: z.string().describe('In S3; findings name their evidence frames by it.'),
    media_type: z.string(),
    bytes: z.int().min(0),
    sha256: z.string(),
    href: z.string().describe('Lasting address; answers 302 to a fresh link.'),
    url: z.string().describe('Presigned: whoever has it can read the object until `expires_at`.'),
    expires_at: instant,
  })
  .meta({ id: 'Artifact' });

export function viewOfArtifact(
  jobId: string,
  row: Artifact,
  url: string,
  expiresAt: Date,
): z.infer<typeof artifact> {
  const { pass, name, key, media_type, bytes, sha256 } = row;
  const href = `/api/jobs/${jobId}/artifacts/${encodeURIComponent(pass)}/${encodeURIComponent(name)}`;
  return { pass, name, key, media_type, bytes, sha256, href, url, expires_at: expiresAt.toISOString() };
}
