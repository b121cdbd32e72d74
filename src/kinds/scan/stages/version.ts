import { unpackVersion } from '../unpack/unpackers.ts';
import { fixedStages } from './stages.ts';
import { ourRules, readRules, rulesVersion } from './yara/rule-sources.ts';

const stagesVersion = fixedStages.map(({ name, version }) => `${name} ${version}`).join(', ');
const ours = rulesVersion(readRules(ourRules));

/**
 * All by which the same file may get another answer, but for settings: the rescan cache goes by it.
 * @param rulesFolder the operator's rules, read now; one that cannot be read has a version, too
 */
export function scanVersion(softwareVersion: string, rulesFolder: string | undefined): string {
  return [softwareVersion, stagesVersion, unpackVersion, ours, operatorsVersion(rulesFolder)].join('; ');
}

function operatorsVersion(folder: string | undefined): string {
  if (folder === undefined) return 'none';
  try {
    return rulesVersion(readRules(folder));
  } catch (error) {
    return `unreadable (${(error as NodeJS.ErrnoException).code})`;
  }
}
