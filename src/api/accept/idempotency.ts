import { createHash } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical-json.ts';

/**
 * What makes two requests with one `Idempotency-Key` the same request.
 * @param content the file's SHA-256, or `upload:<id>` / `session:<id>` where it was sent before
 * @param webhookUrl whom to tell, where somebody is to be told
 */
export function fingerprintOf(kind: string, options: unknown, content: string, webhookUrl?: string): string {
  return createHash('sha256')
    .update(canonicalJson([kind, options, content, ...(webhookUrl === undefined ? [] : [webhookUrl])]))
    .digest('hex');
}

/** The header's value; draft-ietf-httpapi-idempotency-key-header §2.1 makes it a quoted string, most send it bare. */
export function idempotencyKeyOf(header: string | string[] | undefined): string | undefined {
  const one = Array.isArray(header) ? header[0] : header;
  return one === undefined ? undefined : (/^"(.*)"$/.exec(one)?.[1] ?? one);
}
