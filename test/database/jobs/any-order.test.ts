import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { acceptJob } from '../../../src/database/jobs/accept-job.ts';
import { findJob } from '../../../src/database/jobs/find-job.ts';
import { listTransitions } from '../../../src/database/jobs/list-transitions.ts';
import { markDispatched } from '../../../src/database/jobs/mark-dispatched.ts';
import { recordProgress } from '../../../src/database/jobs/record-progress.ts';
import { requestCancel } from '../../../src/database/jobs/request-cancel.ts';
import { retryJob } from '../../../src/database/jobs/retry-job.ts';
import { transitionJob } from '../../../src/database/jobs/transition-job.ts';
import { findSession } from '../../../src/database/sessions/find-session.ts';
import { allowedFrom, phaseOf, retryableFrom } from '../../../src/domain/kind.ts';
import { technique } from '../../../src/domain/kinds/technique.ts';
import { isOpen } from '../../../src/domain/phase.ts';
import { openTestDatabase, request } from '../jobs.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const statuses = ['queued', 'processing', 'done', 'failed', 'canceled'] as const;
/** `behind`: how many attempts late the writer is. */
const move = fc.record({
  act: fc.constant('move' as const),
  to: fc.constantFrom(...statuses),
  behind: fc.constantFrom(0, 0, 0, 1),
});
const others = fc.constantFrom(
  { act: 'dispatch' as const },
  { act: 'cancel' as const },
  { act: 'retry' as const },
  { act: 'progress' as const },
);
const acts = fc.array(fc.oneof({ weight: 3, arbitrary: move }, { weight: 2, arbitrary: others }), {
  maxLength: 10,
});
type Act = typeof acts extends fc.Arbitrary<(infer A)[]> ? A : never;

/** What the steps table says must come of `act`, or null when it must be refused. */
function expected(status: string, dispatched: boolean, act: Act): string | null {
  if (act.act === 'move') {
    if (act.behind > 0) return null;
    return status === act.to || allowedFrom(technique, act.to).includes(status) ? act.to : null;
  }
  if (act.act === 'cancel') {
    if (status === 'canceled') return status;
    if (!isOpen(phaseOf(technique, status))) return null;
    return dispatched ? status : 'canceled';
  }
  if (act.act === 'retry') return retryableFrom(technique).includes(status) ? 'queued' : null;
  return status;
}

async function perform(job: { job_id: string; attempt: number }, act: Act): Promise<unknown> {
  const { job_id, attempt } = job;
  if (act.act === 'dispatch') return markDispatched(database, job_id, attempt);
  if (act.act === 'cancel') return requestCancel(database, job_id, { by: 'coach-7', why: 'asked' });
  if (act.act === 'retry') return retryJob(database, job_id, { by: 'coach-7' });
  if (act.act === 'progress') {
    const share = { pass: 'quick', part: 0, total: 10, from_pct: 0, to_pct: 100 };
    return recordProgress(database, { job_id, attempt, done: 5, ...share });
  }
  const { to, behind } = act;
  return transitionJob(database, { job_id, attempt: attempt - behind, to, stage: 'QUICK', why: 'tried' });
}

test('whatever is tried in whatever order, a job only goes where the steps table lets it', async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (sequence) => {
      let { job } = await acceptJob(database, request());
      for (const act of sequence) {
        const wanted = expected(job.status, job.dispatched_at !== null, act);
        const outcome = await perform(job, act).then(
          () => 'done',
          (error: { type?: string }) => error.type,
        );
        if (wanted === null) expect(['StaleAttempt', 'Conflict']).toContain(outcome);
        else expect(outcome).toBe('done');
        const before = job;
        job = (await findJob(database, job.job_id)) as typeof job;
        expect(job.status).toBe(wanted ?? before.status);
        expect(job.phase).toBe(phaseOf(technique, job.status));
        expect(job.progress_pct === 100).toBe(job.phase === 'succeeded');
        if (job.attempt === before.attempt)
          expect(job.progress_pct).toBeGreaterThanOrEqual(before.progress_pct);
        expect(job.completed_at !== null).toBe(!isOpen(job.phase));
      }
      const trail = await listTransitions(database, job.job_id);
      // Each line begins where the one before it ended, and the last one says where the job is.
      expect(trail.map(({ from }) => from)).toEqual([null, ...trail.slice(0, -1).map(({ to }) => to)]);
      expect(trail.at(-1)?.to).toBe(job.status);
      expect((await findSession(database, job.session_id))?.status).toBe(job.phase);
    }),
    { numRuns: 60 },
  );
});

test('whoever races, the trail tells one story', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(acts, { minLength: 2, maxLength: 4 }), async (racers) => {
      const { job } = await acceptJob(database, request());
      await Promise.all(
        racers.map(async (sequence) => {
          for (const act of sequence) {
            const at = (await findJob(database, job.job_id)) ?? job;
            const error = await perform(at, act).catch((e: { type?: string }) => e);
            if (error)
              expect(['StaleAttempt', 'Conflict', undefined]).toContain((error as { type?: string }).type);
          }
        }),
      );
      const trail = await listTransitions(database, job.job_id);
      const now = await findJob(database, job.job_id);
      expect(trail.map(({ from }) => from)).toEqual([null, ...trail.slice(0, -1).map(({ to }) => to)]);
      expect(trail.at(-1)?.to).toBe(now?.status);
      expect(trail.filter(({ why }) => why.startsWith('Retried'))).toHaveLength((now?.attempt ?? 0) - 1);
      for (const { from, to } of trail) {
        if (from === null) continue;
        const retried = to === 'queued' && retryableFrom(technique).includes(from);
        expect(retried || allowedFrom(technique, to).includes(from)).toBe(true);
      }
    }),
    { numRuns: 25 },
  );
});
