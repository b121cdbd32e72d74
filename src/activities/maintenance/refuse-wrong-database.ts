import { Conflict } from '../../domain/errors.ts';

/** So many are swept without asking whether this is the right database. */
const fewOrphans = 100;

/**
 * Orphans are rare: deletions remove their own objects. Many of them mean another database than the bucket's.
 * @throws Conflict
 */
export function refuseWrongDatabase(orphans: number, claimed: number, what: string): void {
  if (orphans <= fewOrphans || orphans <= claimed) return;
  throw new Conflict(
    `No ${what} were swept: of ${orphans + claimed} in the bucket the database knows only ${claimed}. If it is the right database, remove the others by hand.`,
  );
}
