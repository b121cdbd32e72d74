import { z } from 'zod';
import { secretNamePattern } from './secret-reference.ts';

/**
 * The settings by which an operator names a model at an OpenAI-compatible endpoint, for any kind that asks one. The key is
 * a secret's name: its value is in the secrets file, never among the settings.
 * @param prefix such as `DOUBLETAKE_MRI_LANGUAGE`
 */
export function languageSettings(prefix: string): Record<string, z.ZodType> {
  return {
    [`${prefix}_URL`]: z
      .string()
      .refine(isPlainAddress)
      .optional()
      .describe('an address that starts with https:// or http://, without a login in it'),
    [`${prefix}_MODEL`]: z
      .string()
      .regex(/^\S{1,200}$/)
      .optional()
      .describe('the name of a model, a word without spaces'),
    [`${prefix}_KEY`]: z
      .string()
      .regex(new RegExp(`^${secretNamePattern}$`))
      .optional()
      .describe('the name of a secret of DOUBLETAKE_SECRETS_FILE'),
    [`${prefix}_SECONDS`]: z.coerce
      .number()
      .int()
      .min(1)
      .max(600)
      .default(120)
      .describe('a whole number from 1 to 600'),
  };
}

function isPlainAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

export interface NamedModel {
  url: string;
  model: string;
  /** A secret's name. */
  key: string | undefined;
  seconds: number;
}

/**
 * What the settings name; null where they name nothing.
 * @throws Error when only a part of it is there
 */
export function namedModel(prefix: string, settings: Readonly<Record<string, unknown>>): NamedModel | null {
  const of = (part: 'URL' | 'MODEL' | 'KEY' | 'SECONDS') => settings[`${prefix}_${part}`];
  const [url, model] = [of('URL'), of('MODEL')] as (string | undefined)[];
  if (url === undefined && model === undefined) return null;
  if (url === undefined || model === undefined)
    throw new Error(
      `${prefix}_${url === undefined ? 'URL' : 'MODEL'} is not set while ${prefix}_${url === undefined ? 'MODEL' : 'URL'} is; set both, or neither.`,
    );
  return { url, model, key: of('KEY') as string | undefined, seconds: (of('SECONDS') as number) ?? 120 };
}
