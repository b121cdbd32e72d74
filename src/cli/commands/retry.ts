import { Command } from 'commander';
import type { Actions, CommandContext, Outcome } from '../command-context.ts';
import { type JobView, jobPath } from '../job-view.ts';
import { prepareOutFolder } from '../out-folder.ts';
import { showProgress } from '../show/show-progress.ts';
import { waitAndTell } from '../wait-and-tell.ts';

export function retryCommand({ run }: Actions): Command {
  return new Command('retry')
    .description('start a failed or cancelled job again from the last pass that finished')
    .argument('<id>', 'the job')
    .option('--wait', 'wait for its end, with progress')
    .option('--out <dir>', 'with --wait: write its artifacts and report.md there')
    .action(run(retry));
}

async function retry(
  context: CommandContext,
  id: string,
  options: { wait?: boolean; out?: string },
): Outcome {
  const { api, terminal } = context;
  await prepareOutFolder(options.out);
  const job = await api().post<JobView>(jobPath(id, '/retry'));
  if (options.wait) return waitAndTell(context, job, showProgress(terminal), options.out);
  terminal.document({ job });
  terminal.answer(`Job ${id} is ${job.status} again (attempt ${job.attempt}).`);
  return undefined;
}
