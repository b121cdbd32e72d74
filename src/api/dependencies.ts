import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import type { Database } from '../database/database.ts';
import type { AcceptedAnswer, AssistUpdate } from '../domain/assist.ts';
import type { Job } from '../domain/job.ts';
import type { Kinds } from '../domain/kind-registry.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import type { OidcSettings } from './access/oidc.ts';
import type { KindApis } from './kind-api.ts';
import type { JobChanges } from './progress/job-changes.ts';

/** How requests prove who they are. Not `required` is for the embedded stack, on loopback only. */
export interface AuthSettings {
  required: boolean;
  oidc?: OidcSettings;
}

/** All that the API needs; made in `server.ts`, or by a test. */
export interface ApiDependencies {
  version: string;
  log: FastifyBaseLogger;
  database: Database;
  /** The kinds of which jobs are accepted; jobs of the others can be read. */
  acceptedKinds: Kinds;
  /** What the kinds bring; all their definitions are the database's. */
  kindApis: KindApis;
  /** The kinds' own settings, by variable; a kind's routes read their own. */
  settings: Readonly<Record<string, unknown>>;
  store: ArtifactStore;
  /** S3 settings again, for the tus store, which has a client of its own. */
  s3: { bucket: string; forcePathStyle: boolean };
  changes: JobChanges;
  auth: AuthSettings;
  /** Address the server will listen on; without authentication it must be loopback. */
  host: string;
  limits: {
    uploadBytes: number;
    /** Open at once; see `maxConnections` for those beyond. */
    connections: number;
    /** Of a body, in two minutes' average. */
    bytesPerSecond: number;
    /** How often a body that still arrives is looked at, ms; a minute unless told. */
    lookMs?: number;
    /** Longest the first line and the headers of a request may take, ms; half a minute unless told. */
    headersMs?: number;
  };
  webhooks: {
    /** Whether the service has a secret to sign with where a job brings none. */
    hasSecret: boolean;
    /** Whether loopback and private networks may be told. */
    allowPrivate: boolean;
  };
  /** Tells a job's workflow what people answer, and who is asked. */
  assist: {
    /**
     * Repeated, it is one answer.
     * @param question which of the attempt
     * @throws Conflict, InvalidRequest, TemporalUnavailable
     */
    deliver(job: Job, given: Pick<AssistUpdate, 'answer' | 'by'>, question: number): Promise<AcceptedAnswer>;
    /** For operators who look at the workflow; the row counts. @throws TemporalUnavailable */
    assigned(job: Job, assignee: string | null): Promise<void>;
  };
  temporal: {
    /** Rejects when Temporal cannot be reached. */
    ping(): Promise<void>;
    namespace: string;
    /** Address of the Web UI, for links; absent: no links. */
    uiUrl?: string;
  };
  registry: Registry;
  /** Aborted when the server stops: ends the streams that would never end by themselves. */
  stopping: AbortSignal;
}
