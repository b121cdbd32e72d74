import type { z } from 'zod';

/** A refused option may hold a credential, so what refuses it does not repeat it, be it the parser or a kind's own words. */

/** Shorter texts turn up in messages by chance. */
const leastRepeated = 8;

/** What is wrong, without the value. */
export function messageOf(
  issue: Pick<z.core.$ZodIssue, 'path' | 'message'> | undefined,
  given: unknown,
): string {
  if (!issue) return 'is not valid';
  const repeats = textsIn(at(given, issue.path)).some(
    (text) => issue.message.includes(text) || issue.message.includes(JSON.stringify(text).slice(1, -1)),
  );
  return repeats ? 'is not valid' : issue.message;
}

function at(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inside, key) =>
      typeof inside === 'object' && inside !== null
        ? (inside as Record<PropertyKey, unknown>)[key]
        : undefined,
    given,
  );
}

function textsIn(value: unknown): string[] {
  const texts: string[] = [];
  const queue = [value];
  for (const item of queue) {
    if (typeof item === 'string' && item.length >= leastRepeated) texts.push(item);
    if (typeof item === 'object' && item !== null) for (const inner of Object.values(item)) queue.push(inner);
  }
  return texts;
}

/** Where JSON is wrong, in brackets, of the parser's message, which quotes what stands there. */
export function positionOf(error: unknown): string {
  const position = error instanceof Error && /at position \d+/.exec(error.message)?.[0];
  return position ? ` (${position})` : '';
}
