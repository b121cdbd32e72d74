import { setTimeout as sleep } from 'node:timers/promises';
import { causes } from '../../../../domain/causes.ts';
import { DatabaseWriteError, DoubletakeError } from '../../../../domain/errors.ts';
import { faultOf } from '../../../../domain/our-words.ts';
import type { Row, Session, Value } from '../store/engine.ts';
import { type Connection, openReader, openWriter } from './connection.ts';

/** How long another process's lock is waited for, in milliseconds, from when somebody asked. */
const patience = 3000;
const firstWait = 2;
const longestWait = 100;

/**
 * A file with one writer and one reader. It is opened when it is first needed, and again after the disk failed under it:
 * a disk that is full, away or read-only now may be there later.
 */
export class SqliteFile {
  readonly #path: string;
  #writer: Connection | undefined;
  #reader: Connection | undefined;
  #lastWrite: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(path: string) {
    this.#path = path;
  }

  async rows(sql: string, values: readonly Value[] = []): Promise<Row[]> {
    try {
      return await this.#patiently(Date.now() + patience, () => this.#read().rows(sql, values));
    } catch (error) {
      throw this.#failed('The database of events could not be read', error);
    }
  }

  /** One after the other: a connection has one transaction at a time. */
  write<T>(what: string, work: (tx: Session) => Promise<T>): Promise<T> {
    const until = Date.now() + patience;
    const mine = this.#lastWrite.then(() => this.#transaction(what, until, work));
    this.#lastWrite = mine.catch(() => {});
    return mine;
  }

  async close(): Promise<void> {
    await this.#lastWrite;
    this.#closed = true;
    this.#forget();
  }

  async #transaction<T>(what: string, until: number, work: (tx: Session) => Promise<T>): Promise<T> {
    try {
      const writer = await this.#patiently(until, () => this.#begin());
      try {
        const result = await work(writer.session());
        writer.exec('COMMIT');
        return result;
      } catch (error) {
        rollBack(writer);
        throw error;
      }
    } catch (error) {
      if (error instanceof DoubletakeError) throw error;
      throw this.#failed(`The database of events did not take ${what}`, error, '; nothing of it was written');
    }
  }

  #begin(): Connection {
    const isNew = !this.#writer;
    const connection = this.#write();
    try {
      // At once for writing: a lock that is taken after something was read may be refused for good.
      connection.exec('BEGIN IMMEDIATE');
      connection.run('UPDATE change_counter SET value = value + 1');
      return connection;
    } catch (error) {
      rollBack(connection);
      if (isNew || !isOfTheDisk(error)) throw error;
      // It may have been opened while the file was read-only, and is so until it is closed.
      this.#forget();
      return this.#begin();
    }
  }

  /** Tries again while another process holds a lock. */
  async #patiently<T>(until: number, work: () => T): Promise<T> {
    for (let wait = firstWait; ; wait = Math.min(2 * wait, longestWait)) {
      try {
        return work();
      } catch (error) {
        if (!isBusy(error) || Date.now() + wait > until) throw error;
        await sleep(wait);
      }
    }
  }

  #write(): Connection {
    this.#mustBeOpen();
    this.#writer ??= openWriter(this.#path);
    return this.#writer;
  }

  #read(): Connection {
    // The writer makes the tables.
    this.#write();
    this.#reader ??= openReader(this.#path);
    return this.#reader;
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new Error('The database of events is closed.');
  }

  #failed(what: string, error: unknown, outcome = ''): DatabaseWriteError {
    if (isOfTheDisk(error)) this.#forget();
    const fault = faultOf(error);
    return new DatabaseWriteError(`${what}${fault ? `: ${fault}` : ''}${outcome}.`, { cause: error });
  }

  #forget(): void {
    for (const connection of [this.#reader, this.#writer]) {
      try {
        connection?.close();
      } catch {
        // A disk that fails may fail at this, too.
      }
    }
    this.#reader = undefined;
    this.#writer = undefined;
  }
}

/** A full disk has ended the transaction already: a rollback would throw, and hide why. */
function rollBack(writer: Connection): void {
  try {
    if (writer.inTransaction) writer.exec('ROLLBACK');
  } catch {
    // What the caller throws says more.
  }
}

const codeOf = (error: unknown) =>
  [...causes(error)].map(({ code }) => code).find((code) => typeof code === 'string') ?? '';

const isBusy = (error: unknown) => /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error));

const isOfTheDisk = (error: unknown) =>
  /^SQLITE_(IOERR|CANTOPEN|CORRUPT|NOTADB|READONLY)/.test(codeOf(error));
