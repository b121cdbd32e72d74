import type { EntityManager } from '@mikro-orm/postgresql';
import type { MoveJob } from '../database/move-job.ts';
import { CriticalArtifactsMissing } from '../domain/errors.ts';
import { assertKept } from '../domain/guardrail.ts';
import { kindNamed } from '../domain/kinds/index.ts';
import type { ActivityLog } from './activity-log.ts';
import type { JobReference } from './job-reference.ts';
import type { RecordsOf } from './kind-records.ts';
import { promisedObjects } from './promised-objects.ts';

export interface GuardNeeds {
  moveJob: MoveJob;
  recordsOf: RecordsOf;
  hasObject(key: string): Promise<boolean>;
  log: ActivityLog;
}

export interface FinishedStory extends JobReference {
  kind: string;
  options: Record<string, unknown>;
  /** What the story came to, where the kind has yet to write it down: in the transaction of the step to success. */
  written?: object;
}

/**
 * The only way to success. Reads back what was promised, from the database and from S3.
 * @throws CriticalArtifactsMissing, StaleAttempt
 */
export function makeGuardAndComplete({ moveJob, recordsOf, hasObject, log }: GuardNeeds) {
  return async function guardAndComplete(job: FinishedStory): Promise<{ status: string }> {
    const { job_id, attempt, kind, options, written } = job;
    const definition = kindNamed(kind);
    const records = recordsOf(kind);
    const rows = written && (await records.openWritten?.(job_id, written as never));
    const promises = rows?.promises ?? definition.promises?.(options);
    if (!promises) throw new RangeError(`The kind "${kind}" promises nothing; no job of it can be done.`);
    const objects = await promisedObjects(job_id, promises, hasObject);
    const assertAll = async (tx?: EntityManager) =>
      assertKept(promises, await records.fieldsOf(job_id, tx), objects);
    try {
      if (!rows) await assertAll();
      const done = await moveJob(
        {
          job_id,
          attempt,
          to: definition.ends.succeeded,
          stage: 'DONE',
          why: 'everything promised is in the database and in S3',
          result: rows ? rows.result : await records.resultOf(job_id),
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
