import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { Pool } from 'pg';
import type { JobView } from '../src/cli/job-view.ts';
import { activityIntervals } from './activity-intervals.ts';
import { type Bare, startBare } from './bare/run-bare.ts';
import type { BenchRun } from './bench-run.ts';
import { submitJob } from './run-job.ts';
import type { Section } from './section.ts';
import { type Service, withService } from './service.ts';
import { median, spread } from './statistics.ts';

/** As many at once as wait for an answer at a busy service. */
const IN_FLIGHT = 50;

/** A job whose analysis is next to nothing shows what the machinery costs: alone, and with many in flight. */
export async function trivialJobs(run: BenchRun): Promise<Section> {
  const rounds = run.short ? 5 : 10 * run.rounds;
  const jobs = run.short ? 100 : 400;
  const path = join(run.scratch, 'two-lines.txt');
  await writeFile(path, 'one\ntwo\n');
  const rows = await withService(run, { worker: true }, async (service) => {
    const connection = await Connection.connect({ address: service.temporalAddress });
    const client = new Client({ connection });
    const bare = await startBare(client, service.temporalAddress);
    try {
      const activities = await warmUp(service, client, bare, path);
      const alone = await inTurn(service, bare, path, activities, rounds);
      const many = await withManyInFlight(service, bare, path, activities, jobs);
      return [
        [
          'alone: accepted to done, ms',
          spread(alone.job, 0),
          spread(alone.bare, 0),
          ratio(median(alone.job), median(alone.bare)),
        ],
        [
          `${jobs} with ${IN_FLIGHT} in flight, a second`,
          many.job.toFixed(1),
          many.bare.toFixed(1),
          ratio(many.job, many.bare),
        ],
      ];
    } finally {
      await bare.close();
      await connection.close();
    }
  });
  return {
    id: 'trivial-jobs',
    title: 'A trivial job',
    says: `A scan of a text of two lines, beside a bare workflow of as many activities that do nothing on the same Temporal server; the job's upload, rows, object and guardrail are in its figures. Alone: median (range) of ${rounds}, in turn.`,
    head: ['what', 'job', 'bare', 'job ÷ bare'],
    rows,
  };
}

const ratio = (one: number, other: number) => (one / other).toFixed(2);

/** @returns how many activities a job has */
async function warmUp(service: Service, client: Client, bare: Bare, path: string): Promise<number> {
  const job = await scanned(service, path);
  const history = await client.workflow.getHandle(job.workflow_id).fetchHistory();
  const activities = activityIntervals(history).length;
  await bare.run(activities);
  return activities;
}

async function inTurn(service: Service, bare: Bare, path: string, activities: number, rounds: number) {
  const times = { job: [] as number[], bare: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    const { created_at, completed_at } = await scanned(service, path);
    times.job.push(Date.parse(completed_at as string) - Date.parse(created_at));
    const began = performance.now();
    await bare.run(activities);
    times.bare.push(performance.now() - began);
  }
  return times;
}

/** Jobs a second, from the first that is sent to the last that has ended. */
async function withManyInFlight(
  service: Service,
  bare: Bare,
  path: string,
  activities: number,
  jobs: number,
) {
  const ended = new EndedJobs(service);
  const job = await perSecond(jobs, async () => ended.of((await submitScan(service, path)).id));
  await ended.close();
  return { job, bare: await perSecond(jobs, () => bare.run(activities)) };
}

async function perSecond(times: number, work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  let next = 0;
  const worker = async () => {
    while (next++ < times) await work();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return (1000 * times) / (performance.now() - began);
}

async function scanned(service: Service, path: string): Promise<JobView> {
  const { id } = await submitScan(service, path);
  for (;;) {
    const job = await service.api.get<JobView>(`/api/jobs/${id}`);
    if (job.phase === 'succeeded') return job;
    if (job.phase === 'failed') throw new Error(`The scan failed: ${job.error_message}`);
    await sleep(25);
  }
}

/** Every scan is a scan: without `ignore_cache` the same text would be answered from the one before. */
const submitScan = (service: Service, path: string) =>
  submitJob(service, path, 'scan', { ignore_cache: true });

/** Waits for many jobs by one query at a time, so that waiting costs the service next to nothing. */
class EndedJobs {
  readonly #database: Pool;
  readonly #waiting = new Map<string, (phase: string) => void>();
  #closed = false;
  readonly #watch: Promise<void>;

  constructor({ environment }: Service) {
    this.#database = new Pool({ connectionString: environment.DATABASE_URL, max: 1 });
    this.#watch = this.#look();
  }

  async of(id: string): Promise<void> {
    const phase = await new Promise<string>((resolve) => this.#waiting.set(id, resolve));
    if (phase !== 'succeeded') throw new Error(`Job ${id} has ${phase}.`);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#watch;
    await this.#database.end();
  }

  async #look(): Promise<void> {
    while (!this.#closed) {
      await sleep(50);
      const { rows } = await this.#database.query<{ job_id: string; phase: string }>(
        `SELECT job_id, phase FROM analysis_jobs WHERE job_id = ANY($1) AND phase IN ('succeeded', 'failed')`,
        [[...this.#waiting.keys()]],
      );
      for (const { job_id, phase } of rows) {
        this.#waiting.get(job_id)?.(phase);
        this.#waiting.delete(job_id);
      }
    }
  }
}
