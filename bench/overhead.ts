import { Client, Connection } from '@temporalio/client';
import { activityIntervals } from './activity-intervals.ts';
import { startBare } from './bare/run-bare.ts';
import type { BenchRun } from './bench-run.ts';
import { runJob } from './run-job.ts';
import type { Section } from './section.ts';
import { type Service, withService } from './service.ts';
import { covered, median, spread } from './statistics.ts';

const clip = new URL('../samples/squats.mp4', import.meta.url).pathname;

/** What durability costs a job: everything between acceptance and *done* in which no activity runs. */
export async function overhead(run: BenchRun): Promise<Section> {
  const rounds = run.short ? 2 : 4 * run.rounds;
  const rows = await withService(run, { worker: true }, async (service) => {
    const connection = await Connection.connect({ address: service.temporalAddress });
    const client = new Client({ connection });
    const bare = await startBare(client, service.temporalAddress);
    try {
      await runJob(service, clip, 'deep');
      await bare.overhead(3);
      const all: string[][] = [];
      for (const mode of ['quick', 'deep'] as const) {
        const ofJob: number[] = [];
        const ofBare: number[] = [];
        let activities = 0;
        for (let round = 0; round < rounds; round++) {
          const found = await jobOverhead(service, client, mode);
          activities = found.activities;
          ofJob.push(found.overhead);
          ofBare.push(await bare.overhead(activities));
        }
        const row = (what: string, values: number[], ratio: string) => [
          what,
          `${activities}`,
          spread(values, 0),
          ratio,
        ];
        all.push(row(`${mode} job`, ofJob, (median(ofJob) / median(ofBare)).toFixed(2)));
        all.push(row('bare workflow of as many activities', ofBare, ''));
      }
      return all;
    } finally {
      await bare.close();
      await connection.close();
    }
  });
  return {
    id: 'overhead',
    title: 'Orchestration overhead of a job',
    says: `Milliseconds from acceptance to *done* in which no activity runs, of \`samples/squats.mp4\` on an idle service; it contains the relay (row to workflow), the bookkeeping that runs as local activities, and the scheduling of each activity. Beside it a workflow of as many activities that do nothing, one after the other, on the same Temporal server. Median (range) of ${rounds}, in turn.`,
    head: ['what', 'activities', 'ms', 'job ÷ bare'],
    rows,
  };
}

async function jobOverhead(service: Service, client: Client, mode: 'quick' | 'deep') {
  const { job, accepted, done } = await runJob(service, clip, mode);
  const history = await client.workflow.getHandle(job.workflow_id).fetchHistory();
  const intervals = activityIntervals(history);
  const within = intervals.map(({ start, end }) => ({
    start: Math.max(start, accepted),
    end: Math.min(end, done),
  }));
  const busy = covered(within.filter(({ start, end }) => end > start));
  return { overhead: done - accepted - busy, activities: intervals.length };
}
