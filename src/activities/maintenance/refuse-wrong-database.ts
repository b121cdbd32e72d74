import { Conflict } from '../../domain/errors.ts';

/** The bucket belongs to another database: nothing in it is to be swept, whoever's it seems to be. */
export class WrongDatabase extends Conflict {}

/** So many are swept without asking whether this is the right database. */
const fewOrphans = 100;

/**
 * Orphans are rare: deletions remove their own objects. Many of them mean another database than the bucket's.
 * @throws WrongDatabase
 */
export function refuseWrongDatabase(orphans: number, claimed: number, what: string): void {
  const why = whyNotToSweep(orphans, claimed, what);
  if (why) throw new WrongDatabase(why);
}

/**
 * The same of what one kind keeps, after jobs and originals have shown that the database is the right one: it may be
 * that kind's rows that are lost, and says nothing about the next kind.
 * @throws Conflict
 */
export function refuseLostRows(orphans: number, claimed: number, what: string): void {
  const why = whyNotToSweep(orphans, claimed, what);
  if (why) throw new Conflict(why);
}

function whyNotToSweep(orphans: number, claimed: number, what: string): string | undefined {
  if (orphans <= fewOrphans || orphans <= claimed) return undefined;
  return `No ${what} were swept: of ${orphans + claimed} in the bucket the database knows only ${claimed}. If it is the right database, remove the others by hand.`;
}
