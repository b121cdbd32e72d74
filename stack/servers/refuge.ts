import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

const parent = '/var/tmp';
const prefix = 'doubletake-';

/**
 * A folder that other users may pass through, for what PostgreSQL's user must reach while the data folder is
 * closed to it. It is remembered by a link at `link`: removing the data folder forgets it, and the next call
 * clears what was forgotten.
 */
export function refugeBehind(link: string): string {
  const known = existing(link);
  if (known) return known;
  clearForgotten(link);
  const folder = mkdtempSync(join(parent, prefix));
  chmodSync(folder, 0o711);
  writeFileSync(join(folder, 'of'), link);
  rmSync(link, { force: true });
  symlinkSync(folder, link);
  return folder;
}

/** Removes what `refugeBehind` made for this link, if anything. */
export function discardRefuge(link: string): void {
  const folder = existing(link);
  if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  rmSync(link, { force: true });
}

/** The link's folder, if it is still there and ours: /var/tmp is everyone's. */
function existing(link: string): string | undefined {
  try {
    const folder = readlinkSync(link);
    const { uid } = lstatSync(folder);
    if (dirname(folder) !== parent || uid !== process.getuid?.()) return undefined;
    // A link that was copied leads to the original's folder; one that was moved is the only one there is.
    const of = readFileSync(join(folder, 'of'), 'utf8');
    return of === link || !isLink(of) ? folder : undefined;
  } catch {
    return undefined;
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function clearForgotten(link: string): void {
  for (const name of readdirSync(parent).filter((name) => name.startsWith(prefix))) {
    const folder = join(parent, name);
    const of = join(folder, 'of');
    const ours = lstatSync(folder).uid === process.getuid?.();
    if (ours && existsSync(of) && readFileSync(of, 'utf8') === link)
      rmSync(folder, { recursive: true, force: true });
  }
}
