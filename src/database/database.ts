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
import { Migration0001Foundation } from './migrations/migration-0001-foundation.ts';
import { Migration0002Technique } from './migrations/migration-0002-technique.ts';
import { Migration0003UnfinishedDeletions } from './migrations/migration-0003-unfinished-deletions.ts';
import { Migration0004Webhooks } from './migrations/migration-0004-webhooks.ts';
import { Migration0005Measurement } from './migrations/migration-0005-measurement.ts';
import { Migration0006Assist } from './migrations/migration-0006-assist.ts';
import { Migration0007ErrorType } from './migrations/migration-0007-error-type.ts';
import { Migration0008ArtifactsOfVersions } from './migrations/migration-0008-artifacts-of-versions.ts';
import { Migration0009Preview } from './migrations/migration-0009-preview.ts';
import { Migration0010OutboxIndex } from './migrations/migration-0010-outbox-index.ts';
import { Migration0011PlainPhase } from './migrations/migration-0011-plain-phase.ts';
import { Migration0012LiveSources } from './migrations/migration-0012-live-sources.ts';

/** Oldest first. A migration that has been released is never edited; a new one is added. */
const migrationsList = [
  { name: '0001-foundation', class: Migration0001Foundation },
  { name: '0002-technique', class: Migration0002Technique },
  { name: '0003-unfinished-deletions', class: Migration0003UnfinishedDeletions },
  { name: '0004-webhooks', class: Migration0004Webhooks },
  { name: '0005-measurement', class: Migration0005Measurement },
  { name: '0006-assist', class: Migration0006Assist },
  { name: '0007-error-type', class: Migration0007ErrorType },
  { name: '0008-artifacts-of-versions', class: Migration0008ArtifactsOfVersions },
  { name: '0009-preview', class: Migration0009Preview },
  { name: '0010-outbox-index', class: Migration0010OutboxIndex },
  { name: '0011-plain-phase', class: Migration0011PlainPhase },
  { name: '0012-live-sources', class: Migration0012LiveSources },
];

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
    migrations: { migrationsList, tableName: 'migrations', snapshot: false, silent: true },
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
  };
}
