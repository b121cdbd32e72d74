import type { Move } from '../database/move-job.ts';
import { StaleAttempt } from '../domain/errors.ts';
import type { Job } from '../domain/job.ts';
import { kindNamed } from '../domain/kinds/index.ts';
import { phaseOf } from '../domain/phase.ts';
import type { JobReference } from './job-reference.ts';
import type { RecordsOf } from './kind-records.ts';

export interface BeginJobNeeds {
  moveJob(move: Move): Promise<Job>;
  recordsOf: RecordsOf;
  hasObject(key: string): Promise<boolean>;
}

export interface Begun {
  /** Passes to run, in order. */
  passes: string[];
  /** Passes an earlier attempt finished. */
  finished: string[];
  /** The stage the job is in now. */
  stage: string;
}

/**
 * Takes the job for this attempt.
 * @throws StaleAttempt when it has ended, or a later attempt has it
 */
export function makeBeginJob({ moveJob, recordsOf, hasObject }: BeginJobNeeds) {
  return async function beginJob(
    job: JobReference & { kind: string; options: Record<string, unknown>; status: string },
  ): Promise<Begun> {
    const { job_id, attempt, kind, options } = job;
    const definition = kindNamed(kind);
    const finished: string[] = [];
    const wanted = [...definition.passes(options)];
    if (attempt > 1) {
      const fields = await recordsOf(kind).fieldsOf(job_id);
      for (const pass of wanted) {
        if (!(await isFinished(pass, fields))) break;
        finished.push(pass);
      }
    }
    const passes = wanted.filter((pass) => !finished.includes(pass));
    const stage = (passes[0] ?? wanted.at(-1) ?? job.status).toUpperCase();
    const why =
      finished.length > 0 ? `attempt ${attempt} goes on after ${finished.join(', ')}` : 'a worker took it';
    try {
      await moveJob({ job_id, attempt, to: job.status, stage, why });
    } catch (error) {
      if (!waitsAt(attempt, error)) throw error;
    }
    return { passes, finished, stage };

    async function isFinished(pass: string, fields: ReadonlySet<string>): Promise<boolean> {
      const promises = definition.promises?.(options) ?? [];
      const objects = promises
        .flatMap((promise) => promise.objects)
        .filter((name) => name.startsWith(`${pass}/`));
      const names = promises
        .flatMap((promise) => promise.fields)
        .filter((name) => name.startsWith(`${pass}_`));
      if (names.length === 0 || !names.every((name) => fields.has(name))) return false;
      const there = await Promise.all(objects.map((name) => hasObject(`jobs/${job_id}/${name}`)));
      return !there.includes(false);
    }
  };
}

/** A workflow that was reset begins a job that waits for a person: it waits on, while its question is found again. */
function waitsAt(attempt: number, error: unknown): boolean {
  const found = error instanceof StaleAttempt ? error.found : undefined;
  return found?.attempt === attempt && phaseOf(found.status) === 'waiting';
}
