import type { KindDefinition } from '../kind.ts';
import { measurement } from './measurement.ts';
import { technique } from './technique.ts';

// biome-ignore lint/suspicious/noExplicitAny: each kind's options differ; the registry erases them.
export type AnyKind = KindDefinition<any>;

/** Every kind there is, by its word. */
export const kinds: Readonly<Record<string, AnyKind>> = { technique, measurement };

export type Kind = keyof typeof kinds & string;

export function kindNamed(word: string): AnyKind {
  const found = Object.hasOwn(kinds, word) ? kinds[word] : undefined;
  if (!found) throw new RangeError(`No kind is named "${word}"; known: ${Object.keys(kinds).join(', ')}`);
  return found;
}
