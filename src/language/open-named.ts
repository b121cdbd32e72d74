import type { NamedModel } from '../domain/language-settings.ts';
import { type LanguageClient, openLanguageClient } from './client.ts';

/** The client of a model that settings name. Its key is read just before each request, so that it can be rotated. */
export function openNamedModel(
  name: string,
  { url, model, key, seconds }: NamedModel,
  secrets: { fill(text: string, field: string): Promise<string> },
): LanguageClient {
  return openLanguageClient({
    name,
    url,
    model,
    seconds,
    ...(key !== undefined && { key: () => secrets.fill(`{secret:${key}}`, `the key of the ${name}`) }),
  });
}
