import type { CommandContext } from './command-context.ts';
import { command } from './command-name.ts';
import type { ExitCode } from './exit-codes.ts';
import { Interrupted, ServerRefused, ServerUnreachable } from './failures.ts';
import { followJob } from './follow/follow-job.ts';
import { collect, tell, writeOut } from './job-result.ts';
import type { JobView } from './job-view.ts';
import type { Progress } from './show/progress.ts';
import { withPatience } from './with-patience.ts';

/** Follows the job to its end and prints what it found. Leaving early harms nothing, and says so. */
export async function waitAndTell(
  { kinds, api, env, terminal, signal }: CommandContext,
  job: JobView,
  progress: Progress,
  out: string | undefined,
): Promise<ExitCode> {
  try {
    const patience = {
      onLost: () =>
        progress.note('The server does not answer just now; the job goes on, and so does this wait.'),
      signal,
    };
    const settled = await followJob(api(), job.id, { ...patience, onUpdate: progress.job });
    const collected = await withPatience(() => collect(kinds, api(), settled, signal), patience);
    progress.stop();
    return tell(kinds, terminal, api(), collected, await writeOut(kinds, api(), collected, out, signal));
  } catch (error) {
    progress.stop();
    // Started by the one who runs the service, and interrupted with it.
    const { DOUBLETAKE_ENDS_WITH: service } = env;
    if (signal.aborted && service)
      throw new Interrupted(`Interrupted. Job ${job.id} pauses here and goes on at the next "${service}".`);
    if (signal.aborted) throw new Interrupted(`Interrupted; ${goesOn(job)}`);
    if (error instanceof ServerUnreachable) {
      throw new ServerUnreachable(`${error.message} Once it is back, ${goesOn(job)}`, { cause: error });
    }
    if (error instanceof ServerRefused && error.status === 401) {
      const detail = `${error.message} Only this wait has ended: ${goesOn(job)}`;
      throw new ServerRefused(error.status, { ...error.problem, detail });
    }
    throw error;
  }
}

function goesOn({ id }: JobView): string {
  return `the job goes on. Follow it with ${command(`job ${id} --wait`)}, end it with ${command(`cancel ${id}`)}.`;
}
