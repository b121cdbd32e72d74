import type { Move } from '../database/move-job.ts';
import { artifactKey } from '../domain/artifact.ts';
import { CriticalArtifactsMissing } from '../domain/errors.ts';
import { assertKept } from '../domain/guardrail.ts';
import type { Job } from '../domain/job.ts';
import { kindNamed } from '../domain/kinds/index.ts';
import type { ActivityLog } from './activity-log.ts';
import type { JobReference } from './job-reference.ts';

export interface GuardNeeds {
  moveJob(move: Move): Promise<Job>;
  fieldsOf(kind: string, jobId: string): Promise<Set<string>>;
  hasObject(key: string): Promise<boolean>;
  /** What the job's row keeps as its result: a summary, at most 1 MiB. */
  resultOf(kind: string, jobId: string): Promise<Record<string, unknown>>;
  /** Told when a job has succeeded. */
  onCompleted(job: Job): Promise<void>;
  log: ActivityLog;
}

/**
 * The only way to success. Reads back what was promised, from the database and from S3.
 * @throws CriticalArtifactsMissing, StaleAttempt
 */
export function makeGuardAndComplete(needs: GuardNeeds) {
  const { moveJob, fieldsOf, hasObject, resultOf, onCompleted, log } = needs;
  return async function guardAndComplete(
    job: JobReference & { kind: string; options: Record<string, unknown> },
  ): Promise<{ status: string }> {
    const { job_id, attempt, kind, options } = job;
    const definition = kindNamed(kind);
    const promises = definition.promises(options);
    const fields = await fieldsOf(kind, job_id);
    const objects = new Set<string>();
    for (const name of promises.flatMap((promise) => promise.objects)) {
      const [pass = '', ...rest] = name.split('/');
      if (await hasObject(artifactKey(job_id, pass, rest.join('/')))) objects.add(name);
    }
    try {
      assertKept(promises, fields, objects);
    } catch (error) {
      if (error instanceof CriticalArtifactsMissing) log.error({ job_id, ...error.presence }, error.message);
      throw error;
    }
    const done = await moveJob({
      job_id,
      attempt,
      to: definition.ends.succeeded,
      stage: 'DONE',
      why: 'everything promised is in the database and in S3',
      result: await resultOf(kind, job_id),
    });
    await onCompleted(done);
    return { status: done.status };
  };
}
