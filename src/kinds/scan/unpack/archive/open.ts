import { has7zEncryptedHeader } from './encrypted-header.ts';
import { type ListedEntry, type Listing, parseListing } from './listing.ts';
import { type Complaints, readComplaints } from './messages.ts';
import { type Input, run7z } from './run.ts';

export interface Opened {
  format: string;
  listing: Listing;
  complaints: Complaints;
  /** Whether the listing broke off. */
  cut: boolean;
  /** The one that opened the listing, or an entry; empty when none is needed or none fits. */
  password: string;
  /** Whether there are entries that none of the passwords opens. */
  locked: boolean;
}

/** `encrypted`: not even its listing can be read. */
export type Refused = 'encrypted' | 'not an archive';

/** Lists an archive, and finds the password where it needs one. */
export async function openArchive(
  input: Input,
  format: string,
  passwords: readonly string[],
): Promise<Opened | Refused> {
  let refused: Refused = 'not an archive';
  for (const password of ['', ...passwords]) {
    const run = await run7z(['l', '-slt', '-bd', `-t${format}`, `-p${password}`, '/in'], input);
    const complaints = readComplaints(run.messages, run.lines);
    const listing = parseListing(run);
    const brokeOff = run.code === null && listing.entries.length === 0;
    if (complaints.encrypted || (brokeOff && has7zEncryptedHeader(input))) {
      refused = 'encrypted';
      continue;
    }
    if (brokeOff || complaints.notAnArchive || !listing.properties.Type) break;
    const opened = { format, listing, complaints, cut: run.code === null, password, locked: false };
    const encrypted = listing.entries.filter((entry) => entry.encrypted && !entry.folder);
    if (encrypted.length === 0 || password) return opened;
    const fits = await fittingPassword(input, format, encrypted, passwords);
    return { ...opened, password: fits ?? '', locked: fits === undefined };
  }
  return refused;
}

/** Tries each password on the smallest encrypted entry. */
async function fittingPassword(
  input: Input,
  format: string,
  encrypted: readonly ListedEntry[],
  passwords: readonly string[],
): Promise<string | undefined> {
  const smallest = [...encrypted]
    .sort((a, b) => (a.size ?? 0) - (b.size ?? 0))
    .find(({ size }) => size !== 0);
  for (const password of passwords) {
    const test = ['t', '-bd', '-spd', `-t${format}`, `-p${password}`, '/in'];
    let run = await run7z(smallest ? [...test, smallest.path] : test, input);
    // The listing shows control characters as something else: such a name matches nothing.
    if (run.lines.some((line) => line.includes('No files to process'))) run = await run7z(test, input);
    if (run.code === 0) return password;
  }
  return undefined;
}
