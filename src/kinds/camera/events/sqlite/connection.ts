import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import type { Session, Value } from '../store/engine.ts';
import { schema, schemaVersion } from './schema.ts';

/** More statements than filters and pages make; beyond, they are prepared anew. */
const mostPrepared = 200;

/** One connection to the file. It is never waited in: SQLite's own waiting would stop the whole process. */
export class Connection {
  readonly #database: Database.Database;
  readonly #prepared = new Map<string, Database.Statement<unknown[]>>();

  constructor(database: Database.Database) {
    this.#database = database;
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction;
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  rows(sql: string, values: readonly Value[] = []): Record<string, unknown>[] {
    return this.#prepare(sql).all(...values) as Record<string, unknown>[];
  }

  run(sql: string, values: readonly Value[] = []): number {
    return this.#prepare(sql).run(...values).changes;
  }

  session(): Session {
    return {
      rows: async (sql, values) => this.rows(sql, values),
      run: async (sql, values) => this.run(sql, values),
    };
  }

  close(): void {
    this.#prepared.clear();
    this.#database.close();
  }

  #prepare(sql: string): Database.Statement<unknown[]> {
    const known = this.#prepared.get(sql);
    if (known) return known;
    if (this.#prepared.size >= mostPrepared) this.#prepared.clear();
    const statement = this.#database.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }
}

/** For writing. The file is made where there is none, for its user alone; so is the folder. */
export function openWriter(path: string): Connection {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  makeFile(path);
  const database = new Database(path, { timeout: 0, fileMustExist: true });
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    // An event touches some thirty pages: at SQLite's thousand, every thirtieth insert would wait for the file itself.
    database.pragma('wal_autocheckpoint = 5000');
    database.pragma('foreign_keys = ON');
    makeTables(database);
    return new Connection(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** For reading beside the writer, who keeps nobody waiting: it sees what is committed. */
export function openReader(path: string): Connection {
  const database = new Database(path, { timeout: 0, fileMustExist: true });
  database.pragma('query_only = ON');
  return new Connection(database);
}

/** A file that is there keeps its rights; one that cannot be made is for SQLite to complain of, whose words are known. */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch {
    // It is there, or SQLite says why not.
  }
}

function makeTables(database: Database.Database): void {
  const version = () => database.pragma('user_version', { simple: true }) as number;
  if (version() === 0) {
    database.exec('BEGIN IMMEDIATE');
    try {
      // Another process may have been faster.
      if (version() === 0) database.exec(schema);
      database.exec('COMMIT');
    } finally {
      if (database.inTransaction) database.exec('ROLLBACK');
    }
  }
  if (version() !== schemaVersion)
    throw new Error(
      `The events' database is of version ${version()}, and this version of Doubletake knows ${schemaVersion}. Run the version that made it, or name another file.`,
    );
}
