import { Command } from 'commander';
import type { Actions, CommandContext, Outcome } from '../../../cli/command-context.ts';
import { command } from '../../../cli/command-name.ts';
import { UsageFailure } from '../../../cli/failures.ts';
import { checkJobOptions } from '../../../cli/job-options.ts';
import type { JobView } from '../../../cli/job-view.ts';
import { InvalidRequest } from '../../../domain/errors.ts';
import { camera } from '../../../domain/kinds/camera.ts';
import { refuseWrittenSecrets } from '../../../domain/option-secrets.ts';

export function cameraCommand({ run }: Actions): Command {
  const live = new Command('camera').description('watch a live camera');
  live
    .command('watch')
    .description('start a job that reads a live camera until it is cancelled')
    .argument('<url>', 'rtsp: or rtsps:, or HLS by http: or https:; credentials as {secret:NAME}')
    .option('--camera <id>', 'which camera it is; one that does not exist is created', 'default')
    .action(run(watch));
  return live;
}

async function watch(
  { api, terminal }: CommandContext,
  url: string,
  { camera: camera_id }: { camera: string },
): Outcome {
  const options = { camera_id, url };
  checkJobOptions(camera, options, { camera_id: '--camera', url: 'URL' });
  refuseCredentials(options);
  const job = await api().post<JobView>('/api/jobs', { kind: camera.kind, options });
  terminal.document({ job });
  terminal.answer(job.id);
  terminal.note(
    `Camera ${camera_id} is watched by job ${job.id}. See what happens with ${command(`events --camera ${camera_id} --follow`)}, end it with ${command(`cancel ${job.id}`)}.`,
  );
  return undefined;
}

/** Before they are sent anywhere. */
function refuseCredentials(options: object): void {
  try {
    refuseWrittenSecrets(options);
  } catch (error) {
    if (error instanceof InvalidRequest) throw new UsageFailure(error.message, { cause: error });
    throw error;
  }
}
