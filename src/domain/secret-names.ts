/** Names of what is secret, as they end; whatever comes before, as in `DB_PASSWORD` or `secretAccessKey`. */
export const secretNames = [
  'token|secret|passw(?:or)?d|passwort|passphrase|pwd|psw',
  '(?:access|api|auth|private|secret|signing)[_-]?key(?:[_-]?id)?',
  'signature(?:[_-]?provided)?|credentials?|authorization|cookie',
  // So short that they are words, or ends of words, that mean something else.
  '(?<![a-z])(?:auth|hmac|jwt|pw|sas|sig)|(?<=[?&;/])key',
  // A pass is a part of a job, too: `deepPass`, `low_pass`.
  '(?<=[?&;/]|(?<![a-z])(?:admin|camera|database|db|ftp|login|mail|proxy|redis|root|smtp|user)[_-]?)pass',
].join('|');

export const longestSecretName = 64;
const isName = new RegExp(`(?:${secretNames})\\d{0,2}$`, 'i');

/** Whether a field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return isName.test(name.slice(-longestSecretName));
}

/** A header or a switch whose value follows it in a list: `Cookie`, `X-Api-Key`, `--password`. */
export const secretItem = `authorization|cookie|(?=\\w{0,40}-)[\\w-]{0,60}(?:${secretNames})`;
const isItem = new RegExp(`^(?:${secretItem})$`, 'i');

export function isSecretItem(text: string): boolean {
  return isItem.test(text);
}

/** Switches and gaps that such a name may have for its value, what was redacted, and a reference to a secret. */
export const noSecret =
  'on|off|true|false|null|none|undefined|missing|\\[redacted\\]|\\{secret:[\\w.-]{1,64}\\}';
