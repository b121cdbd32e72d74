import { type Config, InvalidConfiguration, loadConfig } from './config.ts';
import type { Kinds } from './domain/kind-registry.ts';

/** A process's configuration; where it is wrong, the words for whoever typed the variables, without a stack, and the end. */
export function usableConfig(kinds: Kinds): Config {
  try {
    return loadConfig(process.env, kinds);
  } catch (error) {
    if (!(error instanceof InvalidConfiguration)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}
