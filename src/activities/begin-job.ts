import type { JobTransition } from '../database/jobs/transition-job.ts';
import { StaleAttempt } from '../domain/errors.ts';
import type { Job } from '../domain/job.ts';
import { type Pass, phaseOf, statusOfPass } from '../domain/kind.ts';
import type { Kinds } from '../domain/kind-registry.ts';
import { isOpen } from '../domain/phase.ts';
import type { JobReference } from './job-reference.ts';
import type { RecordsOf } from './kind-records.ts';
import { promisedObjects } from './promised-objects.ts';

export interface BeginJobNeeds {
  kinds: Kinds;
  transitionJob(transition: JobTransition): Promise<Job>;
  /** @throws NotFound */
  readJob(jobId: string): Promise<Job>;
  /** The id of the newest line of its audit trail. */
  lastTransitionOf(jobId: string): Promise<number>;
  recordsOf: RecordsOf;
  hasObject(key: string): Promise<boolean>;
  /** The kinds of which a job has to end before one of this kind begins on a file. */
  precedingKinds(kind: string): string[];
}

type JobToBegin = JobReference & { kind: string; options: Record<string, unknown> };

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

/** A job that is begun again can be moved by its earlier run at the same time, a few times at most. */
const mostTries = 5;

/**
 * Takes the job for this attempt, or takes it up again after a reset or a continue-as-new: it goes on with the first pass
 * that is not finished, in that pass's status. A job that waits for a person goes on waiting.
 * @throws StaleAttempt when the job has ended, or a later attempt has it; NotFound
 */
export function makeBeginJob(needs: BeginJobNeeds) {
  const { kinds, transitionJob, readJob, lastTransitionOf, recordsOf, hasObject, precedingKinds } = needs;
  return async function beginJob(job: JobToBegin): Promise<Begun> {
    for (let tries = 1; ; tries++) {
      try {
        return await beginOnce(job);
      } catch (error) {
        const found = error instanceof StaleAttempt ? error.found : undefined;
        const moved = found?.attempt === job.attempt && isOpen(phaseOf(kinds.named(job.kind), found.status));
        if (!moved || tries === mostTries) throw error;
      }
    }
  };

  async function beginOnce({ job_id, attempt, kind, options }: JobToBegin): Promise<Begun> {
    const definition = kinds.named(kind);
    // Read before the job, so that whatever moves it from here on is noticed.
    const last_transition = await lastTransitionOf(job_id);
    const now = await readJob(job_id);
    const begunBefore = now.attempt === attempt && (now.phase === 'running' || now.phase === 'waiting');
    const wanted = [...definition.passes(options)];
    const finished = attempt > 1 || begunBefore ? await finishedPasses(wanted) : [];
    const passes = wanted.slice(finished.length).map(({ name }) => name);
    if (begunBefore && now.phase === 'waiting')
      return { passes, finished, status: now.status, stage: now.stage };

    const next = wanted[finished.length] ?? wanted.at(-1);
    const stage = next?.stage ?? now.stage;
    const { status } = await transitionJob({
      ...{ job_id, attempt, to: statusOfPass(definition, next), stage },
      why: whyOf(begunBefore ? 'the workflow began again' : `attempt ${attempt}`, finished),
      // The status may lie before the one that the job has reached. A late call finds another last transition, and
      // moves nothing back.
      ...(begunBefore && { after: last_transition }),
    });
    const isReadable = now.original_key !== null && !definition.cleansOriginal;
    const first = isReadable && !now.preceded_by ? precedingKinds(kind) : [];
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
      const there = await promisedObjects(job_id, keeps, hasObject, definition.lastingPrefixes);
      return keeps.flatMap(({ objects }) => objects).every((name) => there.has(name));
    }
  }
}

function whyOf(who: string, finished: readonly string[]): string {
  return finished.length > 0 ? `${who} goes on after ${finished.join(', ')}` : 'a worker took it';
}
