import type { EntityManager } from '@mikro-orm/postgresql';
import type { TransitionJob } from '../database/jobs/transition-job.ts';
import { CriticalArtifactsMissing } from '../domain/errors.ts';
import { assertKept } from '../domain/guardrail.ts';
import type { Job } from '../domain/job.ts';
import { endStatus, promisesOf } from '../domain/kind.ts';
import type { Kinds } from '../domain/kind-registry.ts';
import type { ActivityLog } from './activity-log.ts';
import type { JobReference } from './job-reference.ts';
import type { RecordsOf } from './kind-records.ts';
import { promisedObjects } from './promised-objects.ts';

export interface GuardNeeds {
  kinds: Kinds;
  /** @throws NotFound */
  readJob(jobId: string): Promise<Job>;
  transitionJob: TransitionJob;
  recordsOf: RecordsOf;
  hasObject(key: string): Promise<boolean>;
  log: ActivityLog;
}

export interface FinishedStory extends JobReference {
  kind: string;
  options: Record<string, unknown>;
  /** What the story came to, where the kind has yet to write it down: in the transaction of the transition to success. */
  written?: object;
}

/**
 * The only way to success. Reads back what was promised, from the database and from S3.
 * @throws CriticalArtifactsMissing, StaleAttempt
 */
export function makeGuardAndComplete({
  kinds,
  readJob,
  transitionJob,
  recordsOf,
  hasObject,
  log,
}: GuardNeeds) {
  return async function guardAndComplete(job: FinishedStory): Promise<{ status: string }> {
    const { job_id, attempt, kind, options, written } = job;
    const definition = kinds.named(kind);
    const { preceded_by } = await readJob(job_id);
    const records = recordsOf(kind);
    const rows = written && (await records.openWritten?.(job_id, written as never));
    const promises = rows?.promises ?? promisesOf(definition, options);
    if (promises.length === 0)
      throw new RangeError(`The kind "${kind}" promises nothing; no job of it can be done.`);
    const objects = await promisedObjects(job_id, promises, hasObject, definition.lastingPrefixes);
    const assertAll = async (tx?: EntityManager) =>
      assertKept(promises, await records.fieldsOf(job_id, tx), objects);
    try {
      if (!rows) await assertAll();
      const done = await transitionJob(
        {
          job_id,
          attempt,
          to: endStatus(definition, 'succeeded'),
          stage: 'DONE',
          why: 'everything promised is in the database and in S3',
          result: {
            ...(rows ? rows.result : await records.resultOf(job_id)),
            ...(preceded_by && { preceded_by }),
          },
        },
        rows &&
          (async (tx) => {
            await rows.write(tx);
            await assertAll(tx);
          }),
      );
      await records.onCompleted(done);
      return { status: done.status };
    } catch (error) {
      if (error instanceof CriticalArtifactsMissing) log.error({ job_id, ...error.presence }, error.message);
      throw error;
    }
  };
}
