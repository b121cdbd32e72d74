import { z } from 'zod';

/** An instant in UTC, as ISO 8601. */
export const instant = z.iso.datetime();

/** What every list answers. `next_cursor` is null on the last page. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next_cursor: z.string().nullable().describe('Pass as `cursor` for the next page; null on the last one.'),
  });
}

/** Query of a list. */
export const page = z.object({
  cursor: z.string().max(500).optional().describe('`next_cursor` of the page before.'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

/** An answer without a body. */
export function empty(description: string) {
  return z.undefined().describe(description);
}

/** Relative URLs by what is behind them. */
export const links = z.record(z.string(), z.string());

export function iso(at: Date): string {
  return at.toISOString();
}

export function isoOrNull(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
