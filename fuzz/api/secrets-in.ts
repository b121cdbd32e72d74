import { secretForms } from '../../src/domain/secret-forms.ts';

/**
 * Where a log holds a secret, as it is or in any form in which a library may have written it.
 * @param secrets by the words that name them in the answer
 * @returns for each secret that is there, its name and the line without the secret
 */
export function secretsIn(log: string, secrets: Readonly<Record<string, string>>): string[] {
  const lines = log.split('\n');
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const { written, base64 } = secretForms(secret);
    const forms = [written, ...base64];
    const without = (line: string) => forms.reduce((text, form) => text.replace(form, '…'), line);
    const at = lines.findIndex((line) => without(line) !== line);
    return at < 0 ? [] : [`${name}, in line ${at + 1}: ${without(lines[at] as string).slice(0, 300)}`];
  });
}
