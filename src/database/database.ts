import { Migrator } from '@mikro-orm/migrations';
import { type EntityManager, type EntitySchema, MikroORM } from '@mikro-orm/postgresql';
import { type Kinds, kindRegistry } from '../domain/kind-registry.ts';
import { AssistRequestEntity } from './entities/assist-request.ts';
import { JobEntity } from './entities/job.ts';
import {
  ApiKeyEntity,
  ArtifactEntity,
  DeletionEntity,
  TransitionEntity,
  UploadEntity,
} from './entities/records.ts';
import { SessionEntity } from './entities/session.ts';
import { WebhookDeliveryEntity, WebhookEventEntity } from './entities/webhook.ts';
import { migrations } from './migrations/index.ts';

/** What the kinds bring to the database: their definitions, whose transitions it keeps, and their own tables. */
export interface DatabaseKinds {
  definitions: Kinds;
  entities: readonly EntitySchema[];
}

export interface Database {
  readonly orm: MikroORM;
  readonly kinds: Kinds;
  /** A fresh unit of work; never shared between requests or activities. */
  em(): EntityManager;
  /** Rejects when PostgreSQL does not answer a query. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** None unless told, which is enough to migrate or to manage API keys, and not to move a job. */
  kinds?: DatabaseKinds;
  /** Connections at most; 10 unless told, never under 2 (a migration's lock has one of its own). */
  poolMax?: number;
  /** Longest a statement may take, in milliseconds; a minute unless told, 0 for no limit (migrations). */
  statementTimeoutMs?: number;
  /** Shown in `pg_stat_activity`. */
  applicationName?: string;
}

const noKinds: DatabaseKinds = { definitions: kindRegistry([]), entities: [] };

/** Connects lazily: PostgreSQL may be away now and come back. */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<Database> {
  const { kinds = noKinds } = options;
  const orm = await MikroORM.init({
    clientUrl: url,
    entities: [
      SessionEntity,
      JobEntity,
      TransitionEntity,
      ArtifactEntity,
      UploadEntity,
      ApiKeyEntity,
      DeletionEntity,
      AssistRequestEntity,
      WebhookEventEntity,
      WebhookDeliveryEntity,
      ...kinds.entities,
    ],
    extensions: [Migrator],
    migrations: { migrationsList: [...migrations], tableName: 'migrations', snapshot: false, silent: true },
    pool: { min: 0, max: Math.max(2, options.poolMax ?? 10) },
    driverOptions: connectionOptions(options),
    discovery: { warnWhenNoEntities: false },
  });
  return {
    orm,
    kinds: kinds.definitions,
    em: () => orm.em.fork(),
    async ping() {
      await orm.em.fork().execute('SELECT 1');
    },
    close: () => orm.close(true),
  };
}

/** Nothing may hang: neither a statement, nor a lock held by a process that sleeps, nor a dead connection. */
function connectionOptions({ applicationName = 'doubletake', statementTimeoutMs = 60_000 }: DatabaseOptions) {
  return {
    application_name: applicationName,
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    // For a server that does not answer at all; a little later than its own timeout, whose words are better.
    query_timeout: statementTimeoutMs && statementTimeoutMs + 5000,
    // Disks of today find any page about as fast as the next one. PostgreSQL's 4 is of disks that turn: with it the planner
    // would rather read all of an owner's events in order than those few that an index finds.
    options: '-c random_page_cost=1.1',
  };
}
