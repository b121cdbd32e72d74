/** A part of a text, from its first character to the one after its last. */
export type Span = readonly [start: number, end: number];

/** The text with `[redacted]` in the place of each span; those that overlap, or touch, become one. */
export function redactSpans(text: string, found: Iterable<Span>): string {
  let kept = '';
  let at = 0;
  let redacted = false;
  for (const [start, end] of [...found].sort(([a], [b]) => a - b)) {
    if (start > at || !redacted) kept += `${text.slice(at, Math.max(start, at))}[redacted]`;
    redacted = true;
    at = Math.max(at, end);
  }
  return kept + text.slice(at);
}
