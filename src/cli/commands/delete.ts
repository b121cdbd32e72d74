import { Command } from 'commander';
import type { Actions, CommandContext, Outcome } from '../command-context.ts';
import { ServerRefused, UsageFailure } from '../failures.ts';
import { jobPath } from '../job-view.ts';

interface DeletionView {
  id: string;
  state: string;
}

export function deleteCommand({ run }: Actions): Command {
  return new Command('delete')
    .description('remove a job, its rows and its files, for good')
    .argument('<id>', 'the job')
    .option('--cancel', 'cancel it first if it still runs')
    .action(run(remove));
}

async function remove(
  { api, terminal }: CommandContext,
  id: string,
  { cancel }: { cancel?: boolean },
): Outcome {
  const deletion = await api()
    .delete<DeletionView>(jobPath(id, cancel ? '?cancel=true' : ''))
    .catch((error) => {
      throw error instanceof ServerRefused && error.status === 409 && !cancel
        ? new UsageFailure(`Job ${id} still runs. Wait for its end, or end and delete it with --cancel.`)
        : error;
    });
  terminal.document({ deletion });
  terminal.answer(
    `Job ${id} is no longer shown; its files and rows are being removed (deletion ${deletion.id}).`,
  );
  return undefined;
}
