import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { Database } from '../database/database.ts';
import type { Job, Session } from '../domain/job.ts';
import type { ApiDependencies } from './dependencies.ts';

/** What a kind adds to the API beyond what its definition already says. All of it is optional. */
export interface KindApi {
  /** What it is for, beside the kind's name in the API's document. */
  description?: string;
  /** A line of Markdown on the page at the bare address: how a file is sent. */
  example?: string;
  /** What `result` holds, for the API's document; any object unless told. */
  result?: z.ZodType<object>;
  /**
   * The name by which a file is kept in rows and in Temporal's texts, where the user's own name may say too much. Its S3 key
   * has that name only where a form names the kind before the file: bytes of other uploads are stored before the kind is
   * known, under a key with the user's own name.
   */
  receive?(file: { session_id: string; file_name: string }): { file_name: string };
  /**
   * Its result as it is told, where the row holds only what it is put together from: of what can be deleted by itself, a job
   * must not go on telling.
   */
  readResult?(
    job: Job,
    stored: Record<string, unknown>,
    dependencies: ApiDependencies,
  ): Promise<Record<string, unknown>>;
  /** Its own read routes. */
  routes?: FastifyPluginAsyncZod<ApiDependencies>;
  /** Links from its jobs to those routes. */
  links?(job: Job): Record<string, string>;
  /**
   * Checks of options that need the database.
   * @throws InvalidRequest naming the field
   */
  checkOptions?(options: Record<string, unknown>, context: OptionsContext): Promise<void>;
  /** Whether an artifact is kept from its job's own user: only operators see it listed, and get it. */
  isForOperators?(artifact: { pass: string; name: string }): boolean;
  /** For a kind that writes a report: its Markdown; null where there is none (yet). */
  report?(job: Job, dependencies: Pick<ApiDependencies, 'database' | 'store'>): Promise<string | null>;
  /** What of its report can be read before the job has succeeded, or though it failed: of a pass that is finished, say. */
  earlyReport?: KindApi['report'];
  /** For a kind that asks people. */
  question?: {
    /** A strict object; `attempt` and `question`, which say what it answers, are not the kind's. */
    answer: z.ZodType<object>;
    /** Why an answer of that shape cannot be right; null when it can. The workflow's validator has the last word. */
    refusalOf(answer: object, ask: Record<string, unknown>): string | null;
    /** What is known so far, for whoever is to answer. */
    current(
      job: Job,
      dependencies: Pick<ApiDependencies, 'database' | 'store'>,
    ): Promise<Record<string, unknown>>;
  };
}

export interface OptionsContext {
  database: Database;
  /** As for every read: absent for operators. */
  scope: { userId?: string };
  /** The session the job is for; null when the file is new. */
  session: Session | null;
}

/** The name by which a kind keeps a file: the user's own unless the kind says otherwise. */
export function keptName(
  kindApis: KindApis,
  kind: string,
  file: { session_id: string; file_name: string },
): string {
  return kindApis[kind]?.receive?.(file).file_name ?? file.file_name;
}

/** What the kinds bring to the API, by their words. A kind that adds nothing need not be in it. */
export type KindApis = Readonly<Record<string, KindApi>>;
