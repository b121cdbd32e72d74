/**
 * Where a log holds a secret, as it is or as it may be written in an address, in JSON or in Base64.
 * @param secrets by the words that name them in the answer
 * @returns for each secret that is there, its name and the line without the secret
 */
export function secretsIn(log: string, secrets: Readonly<Record<string, string>>): string[] {
  const lines = log.split('\n');
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').slice(0, -4)];
    const at = lines.findIndex((line) => forms.some((form) => line.includes(form)));
    if (at < 0) return [];
    const line = forms.reduce((text, form) => text.replaceAll(form, '…'), lines[at] as string);
    return [`${name}, in line ${at + 1}: ${line.slice(0, 300)}`];
  });
}
