import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { Database } from '../database/database.ts';
import type { Job, Session } from '../domain/job.ts';
import type { ApiDependencies } from './dependencies.ts';

/** What a kind adds to the API beyond what its definition already says. All of it is optional. */
export interface KindApi {
  /** Its own read routes. */
  routes?: FastifyPluginAsyncZod<ApiDependencies>;
  /** Links from its jobs to those routes. */
  links?(job: Job): Record<string, string>;
  /**
   * Checks of options that need the database.
   * @throws InvalidRequest naming the field
   */
  checkOptions?(options: Record<string, unknown>, context: OptionsContext): Promise<void>;
  /** For a kind that writes a report: its Markdown; null where there is none (yet). */
  report?(job: Job, dependencies: Pick<ApiDependencies, 'database' | 'store'>): Promise<string | null>;
  /** What of its report can be read before the job has succeeded, or though it failed: of a pass that is finished, say. */
  earlyReport?: KindApi['report'];
  /** For a kind that asks people. */
  assist?: {
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
