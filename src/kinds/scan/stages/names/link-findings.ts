import type { FileType } from '../../analysis/stage.ts';
import type { NameFindingId } from './findings.ts';
import type { NamedEntry } from './name-findings.ts';
import { depthsOf, isAbsolute, partsOf } from './paths.ts';

/** Read, they give secrets away; written, they give the machine away. */
const wanted =
  /(?:^|[/\\])(?:etc[/\\](?:passwd|shadow|sudoers|cron|ssh|ld\.so\.preload)|proc[/\\](?:self|\d+)[/\\](?:environ|root|cwd|mem)|root(?:[/\\]|$)|\.ssh(?:[/\\]|$)|\.aws|id_rsa|authorized_keys|\.bash|\.profile|windows[/\\]system32|win\.ini|startup)/i;
/** Symbolic links are rare in them, and hardly ever lead out when a packer wrote them. */
const packedByPeople: readonly FileType[] = ['zip', 'ooxml', 'odf', 'epub', 'jar', 'apk', '7z', 'rar'];
/** Further up than anything that was packed from within a project. */
const FAR_OUT = -3;

/** What the links among the entries say. */
export function linkFindings(
  entries: readonly NamedEntry[],
  type: FileType | undefined,
): { id: NameFindingId; name: string }[] {
  const found: { id: NameFindingId; name: string }[] = [];
  const leadingOut = new Map<string, string>();
  for (const { name, link } of entries) {
    if (!link) continue;
    const lowest = depthsOf(link, partsOf(name).length - 1).lowest;
    if (!isAbsolute(link) && lowest >= 0) continue;
    const shown = `${name} → ${link}`;
    leadingOut.set(partsOf(name).join('/'), shown);
    const isStrange =
      wanted.test(link) ||
      lowest <= FAR_OUT ||
      (type !== undefined && packedByPeople.includes(type) && (isAbsolute(link) || lowest < -1));
    found.push({ id: isStrange ? 'names.link-out' : 'names.link-absolute', name: shown });
  }
  if (leadingOut.size === 0) return found;
  for (const { name, folder } of entries) {
    const parts = partsOf(name);
    for (let depth = 1; depth < Math.min(parts.length, 64); depth++) {
      const link = leadingOut.get(parts.slice(0, depth).join('/'));
      if (link && !folder) found.push({ id: 'names.through-link', name: `${name}, where ${link}` });
    }
  }
  return found;
}
