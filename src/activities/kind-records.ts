import type { EntityManager } from '@mikro-orm/postgresql';
import type { Promised } from '../domain/guardrail.ts';
import type { Job } from '../domain/job.ts';

/** What a kind knows of its own tables and objects, for the activities that all kinds share. */
export interface KindRecords {
  /**
   * Fields of the job that hold something, by the read API's names.
   * @param tx to see also what a transaction has written itself
   */
  fieldsOf(jobId: string, tx?: EntityManager): Promise<ReadonlySet<string>>;
  /** What the row of a job that is done keeps as its result: a summary, at most 1 MiB. */
  resultOf(jobId: string): Promise<Record<string, unknown>>;
  /** Told when a job has succeeded. */
  onCompleted(job: Job): Promise<void>;
  /**
   * For a kind whose rows are written in the transaction of the transition that promises them.
   * @param written what its story came to: keys and summaries
   */
  openWritten?(jobId: string, written: never): Promise<WrittenRows>;
  /** For a kind with lasting prefixes: those of the keys that a row of it names. The sweep removes the others. */
  whichKeysAreClaimed?(keys: readonly string[]): Promise<ReadonlySet<string>>;
}

/** What a kind's story came to, read back from S3 and ready to be written. */
export interface WrittenRows {
  /** What is promised of this version; counts instead of what the definition promises of every job. */
  promises: readonly Promised[];
  /** As `resultOf` would give it once the rows are there. */
  result: Record<string, unknown>;
  write(tx: EntityManager): Promise<void>;
  /** For a kind that asks people. */
  question?: {
    /** What a person is asked about it. */
    askOf(dueAt: Date): object;
    /** Whether this can be an answer to that. */
    isAnswer(answer: object): boolean;
  };
}

export type RecordsOf = (kind: string) => KindRecords;
