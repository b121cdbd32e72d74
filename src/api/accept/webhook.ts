import { InvalidRequest } from '../../domain/errors.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { type NewWebhook, newWebhook } from '../schemas/webhook.ts';
import { isPrivate } from './private-address.ts';

type Settings = ApiDependencies['webhooks'];

/**
 * What a name leads to is checked at each delivery, when it is known; here only what can be told from the address itself.
 * @throws InvalidRequest naming the field
 */
export function usableWebhook(
  webhook: NewWebhook | undefined,
  { hasSecret, allowPrivate }: Settings,
): NewWebhook | undefined {
  if (!webhook) return undefined;
  if (!allowPrivate && isPrivate(new URL(webhook.url).hostname)) {
    throw new InvalidRequest(
      'webhook.url: nothing is sent to this machine or a private network, unless an operator sets DOUBLETAKE_WEBHOOK_PRIVATE=allow.',
      'webhook.url',
    );
  }
  if (!webhook.secret && !hasSecret) {
    throw new InvalidRequest(
      'webhook.secret: nothing is sent unsigned. Send a secret (whsec_…) with the job, or have an operator set DOUBLETAKE_WEBHOOK_SECRET.',
      'webhook.secret',
    );
  }
  return webhook;
}

/** The form field `webhook`. Absent means none. @throws InvalidRequest naming the field */
export function webhookFromText(text: string | undefined, settings: Settings): NewWebhook | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    // Without the parser's words, which quote the text: a secret may be in it.
    throw new InvalidRequest('webhook: is not JSON', 'webhook');
  }
  const parsed = newWebhook.safeParse(given);
  if (parsed.success) return usableWebhook(parsed.data, settings);
  const [issue] = parsed.error.issues;
  const field = ['webhook', ...(issue?.path ?? [])].join('.');
  throw new InvalidRequest(`${field}: ${issue?.message ?? 'is not valid'}`, field);
}
