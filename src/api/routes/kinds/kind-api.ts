import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Database } from '../../../database/database.ts';
import type { Job, Session } from '../../../domain/job.ts';
import type { ApiDependencies } from '../../dependencies.ts';

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
}

export interface OptionsContext {
  database: Database;
  /** As for every read: absent for operators. */
  scope: { userId?: string };
  /** The session the job is for; null when the file is new. */
  session: Session | null;
}
