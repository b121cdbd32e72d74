/** The parts of a path on any system; a stream's name behind a colon (`a.txt:..\b`) counts as a part. */
export function partsOf(path: string): string[] {
  return path.split(/[/\\]/).filter((part) => part !== '' && part !== '.');
}

/** How deep the deepest `..` of a path leads, and where it ends; below 0 is out of the folder that it begins in. */
export function depthsOf(path: string, start = 0): { lowest: number; end: number } {
  let depth = start;
  let lowest = start;
  for (const part of path.split(/[/\\:]/)) {
    // Windows drops blanks and dots at the end: `.. ` is `..`, too.
    if (/^\.\.\s*$/.test(part)) lowest = Math.min(lowest, --depth);
    else if (part !== '' && part !== '.') depth++;
  }
  return { lowest, end: depth };
}

/** `/etc`, `\Windows`, `C:\x`, `c:x`, `\\server\share`. */
export function isAbsolute(path: string): boolean {
  return /^(?:[/\\]|[a-z]:\S)/i.test(path);
}
