import { InvalidRequest } from '../../domain/errors.ts';
import type { AnyKind } from '../../domain/kind.ts';
import type { Kinds } from '../../domain/kind-registry.ts';
import { optionNames } from '../../domain/kind-words.ts';
import { refuseWrittenSecrets } from '../../domain/option-secrets.ts';
import { messageOf, positionOf } from './without-the-value.ts';

/** @throws InvalidRequest naming the kinds there are */
export function kindOf(kinds: Kinds, word: string): AnyKind {
  const found = kinds.find(word);
  if (found) return found;
  throw new InvalidRequest(`There is no kind "${word}". Known: ${kinds.names.join(', ')}.`, 'kind');
}

/**
 * Options as the kind wants them, defaults filled in; no credential is in them.
 * @throws InvalidRequest naming the first field that is wrong, e.g. `options.mode`
 */
export function optionsOf(kind: AnyKind, given: unknown): Record<string, unknown> {
  refuseWrittenSecrets(given);
  const parsed = kind.options.safeParse(given);
  if (parsed.success) {
    // What the kind made of them may be readable where the text as it was sent is not.
    refuseWrittenSecrets(parsed.data);
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const field = ['options', ...(issue?.path ?? []), ...(unknownKey ? [unknownKey] : [])].join('.');
  const message = unknownKey
    ? `there is no such option; ${kind.kind} has ${optionNames(kind).join(', ')}`
    : messageOf(issue, given);
  throw new InvalidRequest(`${field}: ${message}`, field);
}

/** The form field `options`. Absent means none. */
export function optionsFromText(text: string | undefined): unknown {
  if (text === undefined || text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidRequest(`options: is not JSON${positionOf(cause)}`, 'options');
  }
}
