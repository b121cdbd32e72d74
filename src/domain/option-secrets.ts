import { credentialIn, type WrittenCredential } from './credentials-in-text.ts';
import { InvalidRequest } from './errors.ts';
import { secretNamesIn } from './secret-reference.ts';

const found: Readonly<Record<WrittenCredential, string>> = {
  login: 'an address has a login or password in it',
  parameter: 'an address has a parameter with a password, key or token in it',
};

/**
 * Options are stored in rows and histories, so no credential may be in them.
 * @param options any JSON; the keys of objects are looked at, too
 * @throws InvalidRequest naming the field, e.g. `options.cameras.0.url`, without repeating what is there
 */
export function refuseWrittenSecrets(options: unknown): void {
  // A queue instead of recursion: what a user sends may be nested deeper than the stack allows.
  const queue: { value: unknown; field: string }[] = [{ value: options, field: 'options' }];
  for (const { value, field } of queue) {
    if (typeof value === 'string') refuseText(value, field);
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      // The message names the object around the key, for the key is what must not be repeated.
      refuseText(key, field);
      queue.push({ value: inner, field: `${field}.${key}` });
    }
  }
}

function refuseText(text: string, field: string): void {
  secretNamesIn(text, field);
  const credential = credentialIn(text);
  if (!credential) return;
  throw new InvalidRequest(
    `${field}: ${found[credential]}, and options are stored. Have an operator put the value in the workers' secrets file (DOUBLETAKE_SECRETS_FILE) and write {secret:NAME} in its place, for instance rtsp://admin:{secret:NAME}@host/.`,
    field,
  );
}
