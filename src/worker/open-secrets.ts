import type { ActivityLog } from '../activities/activity-log.ts';
import { SecretMissing } from '../domain/errors.ts';
import type { KnownSecrets } from '../domain/known-secrets.ts';
import { fillSecrets, secretNamesIn } from '../domain/secret-reference.ts';
import { openSecretsFile } from './secrets-file.ts';

/** What an activity needs of secrets: its option's text with the values in it, just before it uses them. */
export interface Secrets {
  /**
   * The filled text belongs in no log, row, heartbeat or result.
   * @param field the option's name, e.g. `options.url`
   * @throws SecretMissing, InvalidRequest when a reference is malformed
   */
  fill(text: string, field: string): Promise<string>;
  /** The text without the secrets read so far: for what a library or a child process said, before it is cut or kept. */
  redact(text: string): string;
}

/**
 * The operator's secrets.
 * @param path `DOUBLETAKE_SECRETS_FILE`; undefined when it is not set
 * @param known learns every value of the file when it is read
 */
export function openSecrets(
  path: string | undefined,
  { known, log }: { known: KnownSecrets; log: Pick<ActivityLog, 'warn'> },
): Secrets {
  const file = path === undefined ? undefined : openSecretsFile(path, (message) => log.warn({}, message));
  return {
    async fill(text, field) {
      const names = secretNamesIn(text, field);
      const [first] = names;
      if (first === undefined) return text;
      if (!file)
        throw new SecretMissing(
          first,
          'The workers have no DOUBLETAKE_SECRETS_FILE. Set it, then retry the job.',
        );
      const values = await file.read(first);
      // Before any of them is used, so that no message can be faster.
      for (const value of values.values()) known.learn(value);
      return fillSecrets(text, (name) => {
        const value = values.get(name);
        if (value !== undefined) return value;
        throw new SecretMissing(
          name,
          'Add a line for it to the file that DOUBLETAKE_SECRETS_FILE names at the workers, then retry the job.',
        );
      });
    },
    redact: known.redact,
  };
}
