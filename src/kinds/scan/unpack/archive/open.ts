import { Trials } from '../trials.ts';
import { has7zEncryptedHeader } from './encrypted-header.ts';
import { type Listing, parseListing } from './listing.ts';
import { type Complaints, readComplaints } from './messages.ts';
import { type Input, type Run, run7z } from './run.ts';

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
    const encrypted = listing.entries.some((entry) => entry.encrypted && !entry.folder);
    if (!encrypted || password) return opened;
    const fits = await fittingPassword(input, format, listing, passwords);
    return { ...opened, password: fits ?? '', locked: fits === undefined };
  }
  return refused;
}

/**
 * Tries each password on the smallest encrypted entry, or on all where they are packed together. What is large was read
 * far enough to tell; the sink counts the rest.
 */
async function fittingPassword(
  input: Input,
  format: string,
  { entries, properties }: Listing,
  passwords: readonly string[],
): Promise<string | undefined> {
  const smallest = entries
    .filter(({ encrypted, folder, size }) => encrypted && !folder && size !== 0)
    .sort((a, b) => (a.size ?? 0) - (b.size ?? 0))[0];
  const trials = new Trials();
  for (const password of passwords) {
    const all = ['e', '-y', '-aou', '-bd', '-snl-', '-spd', `-t${format}`, `-p${password}`, '/in'];
    const alone = smallest && properties.Solid !== '+' ? [...all, smallest.path] : all;
    let run = await tried(alone, input, trials);
    // The listing shows control characters as something else: such a name matches nothing.
    if (run?.lines.some((line) => line.includes('No files to process')))
      run = await tried(all, input, trials);
    if (!run || run.code === 0) return password;
    if (trials.left === 0) return undefined;
  }
  return undefined;
}

/** For one password. */
const TRIED = 64 * 1024 ** 2;

class Enough extends Error {}

/** @returns undefined when more came out than a trial needs, and 7-Zip had nothing to say of it */
async function tried(args: readonly string[], input: Input, trials: Trials): Promise<Run | undefined> {
  const messages: string[] = [];
  let left = Math.min(TRIED, trials.left);
  const write = (bytes: Uint8Array) => {
    left -= bytes.length;
    trials.spend(bytes.length);
    if (left < 0) throw new Enough();
  };
  try {
    return await run7z(args, input, { open() {}, write }, messages);
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
    return messages.length === 0 ? undefined : { code: null, lines: [], messages, cut: true };
  }
}
