import type { JobTransition } from '../database/jobs/transition-job.ts';
import type { Job } from '../domain/job.ts';
import { type Pass, statusOfPass } from '../domain/kind.ts';
import type { Kinds } from '../domain/kind-registry.ts';
import type { JobReference } from './job-reference.ts';
import type { RecordsOf } from './kind-records.ts';
import { promisedObjects } from './promised-objects.ts';

export interface BeginJobNeeds {
  kinds: Kinds;
  transitionJob(transition: JobTransition): Promise<Job>;
  /** @throws NotFound */
  readJob(jobId: string): Promise<Job>;
  recordsOf: RecordsOf;
  hasObject(key: string): Promise<boolean>;
  /** The kinds of which a job has to end before one of this kind begins on a file. */
  precedingKinds(kind: string): string[];
}

export interface Begun {
  /** Names of the passes to run, in order. */
  passes: string[];
  /** Names of the passes that are finished: by an earlier attempt, or before the workflow was reset or continued as new. */
  finished: string[];
  /** Where the job is now. Absent in histories of versions whose kinds had one running status. */
  status?: string;
  stage: string;
  /** The kinds of which a job has to end on the same session first; absent where there is none. */
  preceded_by?: string[];
}

/**
 * Takes the job for this attempt, or takes it up again after a reset or a continue-as-new: it goes on with the first pass
 * that is not finished, in that pass's status. A job that waits for a person goes on waiting.
 * @throws StaleAttempt when the job has ended, or a later attempt has it; NotFound
 */
export function makeBeginJob(needs: BeginJobNeeds) {
  const { kinds, transitionJob, readJob, recordsOf, hasObject, precedingKinds } = needs;
  return async function beginJob(
    job: JobReference & { kind: string; options: Record<string, unknown> },
  ): Promise<Begun> {
    const { job_id, attempt, kind, options } = job;
    const definition = kinds.named(kind);
    const now = await readJob(job_id);
    const begunBefore = now.attempt === attempt && (now.phase === 'running' || now.phase === 'waiting');
    const wanted = [...definition.passes(options)];
    const finished = attempt > 1 || begunBefore ? await finishedPasses(wanted) : [];
    const passes = wanted.slice(finished.length).map(({ name }) => name);
    if (begunBefore && now.phase === 'waiting')
      return { passes, finished, status: now.status, stage: now.stage };

    const next = wanted[finished.length] ?? wanted.at(-1);
    const { status, stage } = await transitionJob({
      ...{ job_id, attempt, to: statusOfPass(definition, next), stage: next?.stage ?? now.stage },
      why: whyOf(begunBefore ? 'the workflow began again' : `attempt ${attempt}`, finished),
      // The status may lie before the one that the job has reached. Naming that one keeps a late call from moving it back.
      ...(begunBefore && { from: now.status }),
    });
    const first = now.original_key === null ? [] : precedingKinds(kind);
    return { passes, finished, status, stage, ...(first.length > 0 && { preceded_by: first }) };

    async function finishedPasses(all: readonly Pass[]): Promise<string[]> {
      const fields = await recordsOf(kind).fieldsOf(job_id);
      const names: string[] = [];
      for (const { name, keeps } of all) {
        const kept =
          keeps.length > 0 &&
          keeps.flatMap((promise) => promise.fields).every((field) => fields.has(field)) &&
          (await allThere(keeps));
        if (!kept) break;
        names.push(name);
      }
      return names;
    }

    async function allThere(keeps: Pass['keeps']): Promise<boolean> {
      const there = await promisedObjects(job_id, keeps, hasObject);
      return keeps.flatMap(({ objects }) => objects).every((name) => there.has(name));
    }
  };
}

function whyOf(who: string, finished: readonly string[]): string {
  return finished.length > 0 ? `${who} goes on after ${finished.join(', ')}` : 'a worker took it';
}
