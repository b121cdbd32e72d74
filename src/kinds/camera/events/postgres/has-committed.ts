import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../store/engine.ts';

/** How long the end of a transaction is waited for whose connection was lost, in milliseconds. */
const patience = [0, 50, 200, 1000];

/** Whether a transaction came to its end although nobody heard so; false where nobody can tell. */
export async function hasCommitted(read: Session['rows'], transaction: string): Promise<boolean> {
  for (const wait of patience) {
    await sleep(wait);
    try {
      const [row] = await read('SELECT pg_xact_status(?::xid8) AS status', [transaction]);
      if (row?.status !== 'in progress') return row?.status === 'committed';
    } catch {
      // The server may be on its way back.
    }
  }
  return false;
}
