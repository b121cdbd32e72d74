import type { Run } from './run.ts';

/** One entry of an archive, as `7z l -slt` shows it. */
export interface ListedEntry {
  path: string;
  folder: boolean;
  size: number | null;
  encrypted: boolean;
  /** Where a symbolic or hard link leads. */
  link?: string;
  /** Devices and pipes. */
  special: boolean;
  /** It begins or ends in another volume. */
  split: boolean;
}

export interface Listing {
  /** Of the archive: `Type`, `Method`, `Physical Size`, … */
  properties: Record<string, string>;
  entries: ListedEntry[];
}

/** 7-Zip prints line ends within names as `_`, so that a name cannot look like another line. */
export function parseListing({ lines }: Pick<Run, 'lines'>): Listing {
  const start = lines.indexOf('----------');
  const listing: Listing = { properties: {}, entries: [] };
  const head = start < 0 ? lines : lines.slice(0, start);
  for (const line of head.slice(Math.max(0, head.lastIndexOf('--')))) addProperty(listing.properties, line);
  if (start < 0) return listing;
  let properties: Record<string, string> = {};
  const flush = () => {
    if (Object.keys(properties).length > 0) listing.entries.push(entryOf(properties));
    properties = {};
  };
  let comment = false;
  for (const line of lines.slice(start + 1)) {
    // A comment of several lines stands in braces.
    if (line === '{') comment = true;
    else if (line === '}') comment = false;
    else if (comment) continue;
    else if (line === '') flush();
    else addProperty(properties, line);
  }
  flush();
  return listing;
}

function addProperty(properties: Record<string, string>, line: string): void {
  const at = line.indexOf(' = ');
  if (at > 0) properties[line.slice(0, at)] ??= line.slice(at + 3);
}

function entryOf(properties: Record<string, string>): ListedEntry {
  const link = properties['Symbolic Link'] || properties['Hard Link'] || properties['Copy Link'];
  const size = Number.parseInt(properties.Size ?? '', 10);
  return {
    path: properties.Path ?? '',
    folder: properties.Folder === '+' || /^D|^d/.test(properties.Attributes ?? properties.Mode ?? ''),
    size: Number.isNaN(size) ? null : size,
    encrypted: properties.Encrypted === '+',
    ...(link && { link }),
    special: /^[cbps]/.test(properties.Mode ?? ''),
    split: properties['Split Before'] === '+' || properties['Split After'] === '+',
  };
}
