import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RuleSource {
  /** The file's name, for people. */
  name: string;
  text: string;
}

/** Ours, beside the program: `tsc` copies no rules. */
export const ourRules = join(import.meta.dirname, '..', '..', '..', '..', '..', 'rules', 'scan');

/**
 * The rules of a folder, and of the folders in it, by name.
 * @throws the error of the file system, when the folder cannot be read
 */
export function readRules(folder: string): RuleSource[] {
  return ruleFiles(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

/** The names that are rules in a folder, and in the folders in it. */
export function ruleFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.yara?$/i.test(name))
    .sort();
}

/** Changes whenever a rule does. */
export function rulesVersion(sources: readonly RuleSource[]): string {
  const hash = createHash('sha256');
  for (const { name, text } of sources) hash.update(`${name}\0${text.length}\0${text}\0`);
  return hash.digest('hex').slice(0, 16);
}
