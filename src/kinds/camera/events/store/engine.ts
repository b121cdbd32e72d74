import type { Position } from '../cursor.ts';
import type { ChangePoint, EventFilter, StoredEvent } from '../event-store.ts';

/** A value as the driver of the engine takes it, bound and never written into a statement. */
export type Value = string | number | null | boolean | readonly string[];

export type Row = Readonly<Record<string, unknown>>;

/** Statements with `?` where a value is bound. */
export interface Session {
  rows(sql: string, values?: readonly Value[]): Promise<Row[]>;
  /** @returns how many rows it wrote */
  run(sql: string, values?: readonly Value[]): Promise<number>;
}

/** Where to look for events, and what must be true of them. */
export interface Search {
  /** `events AS e`, with whatever it is joined to. */
  from: string;
  /** The alias whose `started_at` and `event_id` are read in order. */
  order: string;
  conditions: string[];
  values: Value[];
}

/** The next events of a filter, in an order, after a position in it. */
export interface PageAsked {
  owner: string;
  filter: EventFilter;
  order: 'asc' | 'desc';
  after: Position | undefined;
  limit: number;
}

export interface Changes {
  rows: Row[];
  next: ChangePoint;
}

/** What differs between the two databases. Everything else is said once, in statements that both understand. */
export interface Engine {
  /** Reads what is committed. */
  rows: Session['rows'];
  /**
   * All or nothing; `work` may run more than once.
   * @throws DatabaseWriteError with its cause, after which nothing is written; what the domain throws passes through
   */
  write<T>(what: string, work: (tx: Session) => Promise<T>): Promise<T>;
  /** Columns of `e`, an event, as `eventOf` reads them; of `c`, a camera; of `r`, a recording. */
  eventColumns: string;
  cameraColumns: string;
  recordingColumns: string;
  time(at: string | null): Value;
  json(value: unknown): Value;
  list(texts: readonly string[]): Value;
  flag(value: boolean): Value;
  /** Columns that only this engine has for what an event is found by. */
  derived(event: StoredEvent): Record<string, Value>;
  /** What every update of an event sets, so that streams hear of it. */
  touch: string;
  /** Held by a row until the end of the transaction; empty where all of the database is. */
  forUpdate: string;
  /** The same for a row that others may name too, as long as nobody removes it. */
  forShare: string;
  search(owner: string, filter: EventFilter, now: Date): Promise<Search>;
  /** A page of events. */
  find(page: PageAsked): Promise<Row[]>;
  /**
   * Adds those that are not there, and their cameras, in one transaction. @returns the ids of those that were added
   * @throws DatabaseWriteError
   */
  insert(what: string, owner: string, events: readonly StoredEvent[]): Promise<ReadonlySet<string>>;
  /** Quarters of an hour from 1970 to the start of event `e`, as a whole number. */
  quarter: string;
  /** A join that gives `l.value` for each label, and null once where there is none. */
  eachLabel: string;
  /** A list that is bound, as a query of one column, `text`. */
  bound: string;
  now(): Promise<ChangePoint>;
  changedSince(owner: string, point: ChangePoint, limit: number): Promise<Changes>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
