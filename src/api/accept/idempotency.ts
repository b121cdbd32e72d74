import { createHash } from 'node:crypto';

/** JSON with sorted keys: two ways of writing the same options are the same options. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, at: unknown) =>
    at !== null && typeof at === 'object' && !Array.isArray(at)
      ? Object.fromEntries(Object.entries(at).sort(([a], [b]) => (a < b ? -1 : 1)))
      : at,
  );
}

/**
 * What makes two requests with one `Idempotency-Key` the same request.
 * @param content the file's SHA-256, or `upload:<id>` / `session:<id>` where it was sent before
 * @param webhookUrl whom to tell, where somebody is to be told
 */
export function fingerprintOf(kind: string, options: unknown, content: string, webhookUrl?: string): string {
  return createHash('sha256')
    .update(canonical([kind, options, content, ...(webhookUrl === undefined ? [] : [webhookUrl])]))
    .digest('hex');
}

/** The header's value; draft-ietf-httpapi-idempotency-key-header §2.1 makes it a quoted string, most send it bare. */
export function idempotencyKeyOf(header: string | string[] | undefined): string | undefined {
  const one = Array.isArray(header) ? header[0] : header;
  return one === undefined ? undefined : (/^"(.*)"$/.exec(one)?.[1] ?? one);
}
