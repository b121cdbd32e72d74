import { decodedReadings } from './decoded-readings.ts';
import { secretsIn } from './secrets-in-text.ts';
import { redactSpans, type Span } from './spans.ts';

/**
 * The last gate before a text leaves a process: what no one knew to be a secret is caught by how it looks, or by the
 * name before it, wherever in the text it stands and however it is encoded. The values of an address's query are
 * taken out whatever they are.
 */
export function scrub(text: string): string {
  const found: Span[] = [];
  for (const reading of decodedReadings(text)) {
    for (const span of secretsIn(reading.text)) found.push(reading.placeOf(span));
  }
  return found.length === 0 ? text : redactSpans(text, found);
}
