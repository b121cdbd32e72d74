import type { Database } from '../database/database.ts';
import type { NewApiKey } from '../database/keys/create-api-key.ts';
import type { ApiKeySummary } from '../database/keys/list-api-keys.ts';
import { DoubletakeError } from '../domain/errors.ts';
import { exitCodes } from './exit-codes.ts';
import { CliFailure, ServerUnreachable } from './failures.ts';

export interface ApiKeys {
  create(key: NewApiKey): Promise<{ id: string }>;
  list(): Promise<ApiKeySummary[]>;
  /** False when there is no such key. */
  revoke(id: string): Promise<boolean>;
}

/** The database's room is loaded only here: no other command should wait for an ORM. */
export async function withApiKeys<T>(url: string, use: (keys: ApiKeys) => Promise<T>): Promise<T> {
  const [{ openDatabase }, { createApiKey }, { listApiKeys }, { revokeApiKey }] = await Promise.all([
    import('../database/database.ts'),
    import('../database/keys/create-api-key.ts'),
    import('../database/keys/list-api-keys.ts'),
    import('../database/keys/revoke-api-key.ts'),
  ]);
  let database: Database | undefined;
  try {
    const opened = await openDatabase(url, { poolMax: 1, applicationName: 'doubletake-keys' });
    database = opened;
    return await use({
      create: (key) => createApiKey(opened, key),
      list: () => listApiKeys(opened),
      revoke: (id) => revokeApiKey(opened, id),
    });
  } catch (error) {
    throw failureOf(url, error);
  } finally {
    await database?.close();
  }
}

function failureOf(url: string, error: unknown): Error {
  if (error instanceof CliFailure) return error;
  const words = messagesOf(error).join(': ');
  if (/api_keys.*does not exist/.test(words)) {
    return new CliFailure(
      'NotMigrated',
      exitCodes.failed,
      `The database ${withoutPassword(url)} has no tables yet. Start the server once, or run "node src/database/migrate.ts up".`,
      { cause: error },
    );
  }
  return new ServerUnreachable(
    `The database ${withoutPassword(url)} cannot be used: ${words}. Check DATABASE_URL and that PostgreSQL runs there.`,
    { cause: error },
  );
}

/** Outermost first; an ORM's own wrapping says less than what it wraps. */
function messagesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  if (error instanceof AggregateError && error.errors.length > 0) return messagesOf(error.errors[0]);
  if (error instanceof DoubletakeError && error.cause) return messagesOf(error.cause);
  return [error.message || error.name];
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'named by DATABASE_URL';
  const { host, pathname } = new URL(url);
  return `${pathname.slice(1) || 'postgres'} at ${host}`;
}
