import type { MigrationObject } from '@mikro-orm/core';
import { Migration0001Foundation } from './migration-0001-foundation.ts';
import { Migration0002Technique } from './migration-0002-technique.ts';
import { Migration0003UnfinishedDeletions } from './migration-0003-unfinished-deletions.ts';
import { Migration0004Webhooks } from './migration-0004-webhooks.ts';
import { Migration0005Measurement } from './migration-0005-measurement.ts';
import { Migration0006Assist } from './migration-0006-assist.ts';
import { Migration0007ErrorType } from './migration-0007-error-type.ts';
import { Migration0008ArtifactsOfVersions } from './migration-0008-artifacts-of-versions.ts';
import { Migration0009Preview } from './migration-0009-preview.ts';
import { Migration0010OutboxIndex } from './migration-0010-outbox-index.ts';
import { Migration0011PlainPhase } from './migration-0011-plain-phase.ts';
import { Migration0012LiveSources } from './migration-0012-live-sources.ts';
import { Migration0013PrecedingJobs } from './migration-0013-preceding-jobs.ts';
import { Migration0014Scan } from './migration-0014-scan.ts';
import { Migration0015Camera } from './migration-0015-camera.ts';
import { Migration0016LimitedKeys } from './migration-0016-limited-keys.ts';
import { Migration0017CameraLeases } from './migration-0017-camera-leases.ts';
import { Migration0018Knowledge } from './migration-0018-knowledge.ts';
import { Migration0019Mri } from './migration-0019-mri.ts';

/** Oldest first. A migration that has been released is never edited; a new one is added. */
export const migrations: readonly MigrationObject[] = [
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
  { name: '0013-preceding-jobs', class: Migration0013PrecedingJobs },
  { name: '0014-scan', class: Migration0014Scan },
  { name: '0015-camera', class: Migration0015Camera },
  { name: '0016-limited-keys', class: Migration0016LimitedKeys },
  { name: '0017-camera-leases', class: Migration0017CameraLeases },
  { name: '0018-knowledge', class: Migration0018Knowledge },
  { name: '0019-mri', class: Migration0019Mri },
];
