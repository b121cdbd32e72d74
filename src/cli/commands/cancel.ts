import { Command } from 'commander';
import type { Actions, CommandContext, Outcome } from '../command-context.ts';
import { type JobView, jobPath } from '../job-view.ts';

export function cancelCommand({ run }: Actions): Command {
  return new Command('cancel')
    .description('end a job that still runs')
    .argument('<id>', 'the job')
    .action(run(cancel));
}

async function cancel({ api, terminal }: CommandContext, id: string): Outcome {
  const job = await api().post<JobView>(jobPath(id, '/cancel'));
  terminal.document({ job });
  terminal.answer(
    job.phase === 'canceled'
      ? `Job ${id} is cancelled.`
      : `Job ${id} is asked to stop; what it found so far stays.`,
  );
  return undefined;
}
