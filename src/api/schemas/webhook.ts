import { z } from 'zod';
import type { ToldWebhook } from '../../database/webhooks/list-webhook-events.ts';
import { isWebhookSecret, webhookEventTypes } from '../../domain/webhook.ts';
import { instant, iso, isoOrNull } from './answers.ts';

/** Longest address the database keeps. */
const urlLength = 2048;

function isPostable(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

/** Who is to be told, as a new job names it. */
export const newWebhook = z
  .strictObject({
    url: z
      .string()
      .max(urlLength)
      .refine(isPostable, 'expected an https:// or http:// address without a name or password in it')
      .transform((text) => new URL(text).href)
      .pipe(z.string().max(urlLength))
      .describe('Gets a POST when the job waits for a person, succeeds, fails or is canceled.'),
    secret: z
      .string()
      .refine(isWebhookSecret, 'expected whsec_ and 24 to 64 random bytes in Base64')
      .optional()
      .describe('Signs what is sent (Standard Webhooks); the service’s own where absent. Never told again.'),
  })
  .meta({ id: 'NewWebhook' });

export type NewWebhook = z.infer<typeof newWebhook>;

export const toldWebhook = z
  .object({
    id: z.uuid().describe('The `webhook-id` it is sent under, the same at each try.'),
    type: z.enum(webhookEventTypes),
    state: z.enum(['pending', 'delivered', 'gave_up']),
    created_at: instant,
    delivered_at: instant.nullable(),
    gave_up_at: instant.nullable().describe('After the last try of the schedule, or a 410.'),
    deliveries: z.array(
      z.object({
        attempt: z.int().min(1),
        url: z.string(),
        status_code: z.int().nullable().describe('Null where nobody answered.'),
        error: z.string().nullable(),
        duration_ms: z.int().min(0),
        at: instant,
      }),
    ),
  })
  .meta({ id: 'ToldWebhook' });

export function viewOfTold(told: ToldWebhook): z.infer<typeof toldWebhook> {
  const { id, type, created_at, delivered_at, gave_up_at, deliveries } = told;
  return {
    id,
    type,
    state: delivered_at ? 'delivered' : gave_up_at ? 'gave_up' : 'pending',
    created_at: iso(created_at),
    delivered_at: isoOrNull(delivered_at),
    gave_up_at: isoOrNull(gave_up_at),
    deliveries: deliveries.map(({ at, ...delivery }) => ({ ...delivery, at: iso(at) })),
  };
}
