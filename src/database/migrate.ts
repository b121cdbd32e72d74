import { pathToFileURL } from 'node:url';
import { scrub } from '../domain/scrub-secrets.ts';
import { type Database, openDatabase } from './database.ts';
import { transaction } from './transaction.ts';

/** Session-level advisory lock: two processes that migrate at once take turns. */
const migrationLock = 7_232_006;

/** Applies what is not applied yet; returns the names. */
export async function migrateUp(database: Database): Promise<string[]> {
  return withLock(database, async () => (await database.orm.migrator.up()).map(({ name }) => name));
}

/** Takes back the newest migration, or all after `to` (exclusive; `0` for all). Returns the names. */
export async function migrateDown(database: Database, { to }: { to?: string | 0 } = {}): Promise<string[]> {
  return withLock(database, async () => {
    const undone = await database.orm.migrator.down(to === undefined ? undefined : { to });
    return undone.map(({ name }) => name);
  });
}

async function withLock<T>(database: Database, work: () => Promise<T>): Promise<T> {
  return transaction(database, async (tx) => {
    // Waiting for another process's migrations, and holding the lock through ours, may take its time.
    await tx.execute('SET LOCAL statement_timeout = 0');
    await tx.execute('SET LOCAL idle_in_transaction_session_timeout = 0');
    await tx.execute('SELECT pg_advisory_xact_lock(?)', [migrationLock]);
    return work();
  });
}

/** `node src/database/migrate.ts up|down|status` */
async function main(command: string | undefined): Promise<void> {
  const url = process.env.DATABASE_URL;
  if (!url)
    throw new Error('DATABASE_URL is not set; expected postgresql://user:password@host:port/database.');
  const database = await openDatabase(url, {
    applicationName: 'doubletake-migrate',
    statementTimeoutMs: 0,
  });
  try {
    if (command === 'up') report('applied', await migrateUp(database));
    else if (command === 'down') report('taken back', await migrateDown(database));
    else if (command === 'status')
      report(
        'pending',
        (await database.orm.migrator.getPending()).map(({ name }) => name),
      );
    else throw new Error(`Unknown command "${command ?? ''}"; expected up, down or status.`);
  } finally {
    await database.close();
  }
}

function report(what: string, names: string[]): void {
  console.log(names.length > 0 ? `${what}: ${names.join(', ')}` : `nothing ${what}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(process.argv[2]).catch((error: unknown) => {
    console.error(scrub(error instanceof Error ? error.message : String(error)));
    process.exitCode = 1;
  });
}
