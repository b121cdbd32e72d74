import type { StageFinding } from '../../analysis/findings.ts';
import type { FileType } from '../../analysis/stage.ts';
import type { NameFindingId } from './findings.ts';
import { linkFindings } from './link-findings.ts';
import { ownNameFindings } from './own-name.ts';
import { depthsOf, isAbsolute, partsOf } from './paths.ts';

/** An entry of a container, with its name as it stands there. */
export interface NamedEntry {
  name: string;
  folder?: boolean;
  /** Where a symbolic or hard link leads. */
  link?: string | undefined;
}

const MAX_NAMES = 20_000;
const SHOWN = 3;

/**
 * What the names in a container say. Each kind is reported once, with the first names that it is true of.
 * @param type of the container: what is common in one format is strange in another
 */
export function nameFindings(entries: readonly NamedEntry[], type?: FileType): StageFinding[] {
  const found = new Map<NameFindingId, string[]>();
  const report = (id: NameFindingId, name: string) => {
    const names = found.get(id);
    if (names) names.push(name);
    else found.set(id, [name]);
  };
  const named = entries.slice(0, MAX_NAMES);
  for (const { name, folder } of named) {
    const isOut = depthsOf(name).lowest < 0;
    if (isOut) report('names.traversal', name);
    else if (isAbsolute(name)) report(isBackup(type) ? 'names.absolute-in-backup' : 'names.absolute', name);
    else if (name.includes('\\')) report('names.backslash', name);
    const last = partsOf(name).at(-1) ?? '';
    if (!folder && last) for (const id of ownNameFindings(last)) report(id, name);
  }
  for (const { id, name } of linkFindings(named, type)) report(id, name);
  for (const name of filesLikeFolders(named)) report('names.file-and-folder', name);
  return [...found].map(([id, names]) => ({ id, evidence: shown(names) }));
}

const isBackup = (type: FileType | undefined) =>
  type === 'cpio' || type === 'tar' || type === 'rpm' || type === 'deb';

function shown(names: readonly string[]): string {
  const more = names.length - SHOWN;
  const first = names.slice(0, SHOWN).map((name) => (name.length > 70 ? endOf(name) : name));
  return first.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** The end of a name is what most findings are about. */
const endOf = (name: string) => `${name.slice(0, 30)}…${name.slice(-40)}`;

/** Files whose name is a folder's, but for blanks at the end of either. */
function filesLikeFolders(entries: readonly NamedEntry[]): string[] {
  const folders = new Map<string, string>();
  for (const { name, folder } of entries) {
    const parts = partsOf(name);
    for (let depth = 1; depth < Math.min(parts.length + (folder ? 1 : 0), 64); depth++) {
      const path = parts.slice(0, depth).join('/');
      folders.set(trimmed(path), path);
    }
  }
  return entries
    .filter(({ name, folder }) => {
      if (folder) return false;
      const path = partsOf(name).join('/');
      const like = folders.get(trimmed(path));
      return like !== undefined && (ending.test(like) || ending.test(path));
    })
    .map(({ name }) => name);
}

const ending = /[\s.]+$/u;
const trimmed = (path: string) => path.replace(ending, '').toLowerCase();
