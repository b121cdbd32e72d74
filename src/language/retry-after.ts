/** Longer than this nobody keeps a job waiting. */
const mostMs = 5 * 60_000;

/** What `Retry-After` asks for (RFC 9110, 10.2.3: seconds, or a date), in milliseconds; undefined where it says nothing. */
export function retryAfterMs(headers: Pick<Headers, 'get'>, now = Date.now()): number | undefined {
  const text = headers.get('retry-after')?.trim() ?? '';
  const ms = /^\d{1,9}(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, Math.round(ms)), mostMs);
}
