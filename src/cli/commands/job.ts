import { Command } from 'commander';
import { isOpen } from '../../domain/phase.ts';
import type { Actions, CommandContext, Outcome } from '../command-context.ts';
import { collect, tell, writeOut } from '../job-result.ts';
import { type JobView, jobPath, type Page, type TransitionView } from '../job-view.ts';
import { prepareOutFolder } from '../out-folder.ts';
import { showHistory, showJob, showLinks } from '../show/job.ts';
import { showProgress } from '../show/show-progress.ts';
import { waitAndTell } from '../wait-and-tell.ts';

interface JobOptions {
  wait?: boolean;
  out?: string;
  history?: boolean;
}

export function jobCommand({ run }: Actions): Command {
  return new Command('job')
    .description('show a job and what it found so far')
    .argument('<id>', 'the job')
    .option('--wait', 'wait for its end, with progress')
    .option('--out <dir>', 'write its artifacts and report.md there')
    .option('--history', 'what happened to it, step by step')
    .action(run(showOne));
}

async function showOne(context: CommandContext, id: string, options: JobOptions): Outcome {
  const { kinds, api, terminal, signal } = context;
  await prepareOutFolder(options.out);
  const job = await api().get<JobView>(jobPath(id), signal);
  if (options.history) {
    const history = await api().get<Page<TransitionView>>(jobPath(id, '/transitions'), signal);
    terminal.document({ job, transitions: history.items });
    showJob(terminal, job);
    showLinks(terminal, api(), job);
    showHistory(terminal, history.items);
    return undefined;
  }
  if (options.wait && isOpen(job.phase)) {
    return waitAndTell(context, job, showProgress(terminal), options.out);
  }
  const collected = await collect(kinds, api(), job, signal);
  const written = await writeOut(kinds, api(), collected, options.out, signal);
  showJob(terminal, job);
  terminal.answer();
  return tell(kinds, terminal, api(), collected, written);
}
