import { Command, Option } from 'commander';
import { kindNamed, kinds } from '../../domain/kinds/index.ts';
import { optionNames } from '../../domain/kinds/words.ts';
import type { Actions, CommandContext, Outcome } from '../command-context.ts';
import { command, commandName } from '../command-name.ts';
import { Interrupted, UsageFailure } from '../failures.ts';
import { collectOption, jobOptions } from '../job-options.ts';
import { type JobView, jobPath } from '../job-view.ts';
import { prepareOutFolder } from '../out-folder.ts';
import type { Progress } from '../show/progress.ts';
import { showProgress } from '../show/show-progress.ts';
import { type SourceFile, sourceFile } from '../upload/source-file.ts';
import { isResumable, type NewJob, uploadFile } from '../upload/upload-file.ts';
import { waitAndTell } from '../wait-and-tell.ts';

interface AnalyzeOptions {
  kind: string;
  quick?: boolean;
  deep?: boolean;
  option?: Record<string, unknown>;
  from?: string;
  webhook?: string;
  out?: string;
  wait: boolean;
}

export function analyzeCommand({ run }: Actions): Command {
  return new Command('analyze')
    .description('upload a file, wait for the answer and print it')
    .argument('[file]', 'media file; left out with --from')
    .addOption(
      new Option('--kind <kind>', 'what sort of analysis').choices(Object.keys(kinds)).default('technique'),
    )
    .addOption(new Option('--quick', 'only the quick pass').conflicts('deep'))
    .option('--deep', 'the quick pass, then every frame (the default)')
    .option('--option <key=json>', 'an option of the kind; repeatable', collectOption)
    .option('--from <job>', 'measure again from the keypoints a finished deep job stored, without the video')
    .option(
      '--webhook <url>',
      'have this address told when the job waits for a person or ends; the server needs DOUBLETAKE_WEBHOOK_SECRET for it',
    )
    .option('--out <dir>', 'write all artifacts and report.md there')
    .option('--no-wait', 'print the accepted job and leave')
    .addHelpText(
      'after',
      `
Examples:
  ${commandName()} analyze squats.mp4
  ${commandName()} analyze bowling.mov --quick --out result
  ${commandName()} analyze swing.mp4 --option slow_motion_factor=8 --option front_side=left
  ${commandName()} analyze --kind measurement phone-with-aruco.jpg
  ${commandName()} analyze --from 5f0c… --option cutoff_hz=8`,
    )
    .action(run(analyze));
}

async function analyze(context: CommandContext, file: string | undefined, options: AnalyzeOptions): Outcome {
  const { terminal, signal } = context;
  if (!options.wait && options.out) {
    throw new UsageFailure(
      '--out needs the answer, and --no-wait does not wait for it. Leave one of them out.',
    );
  }
  if (file !== undefined && options.from !== undefined) {
    throw new UsageFailure(
      `--from measures what an earlier job stored, without a video: leave out ${file}, or leave out --from.`,
    );
  }
  if (file === undefined && options.from === undefined) {
    throw new UsageFailure(
      'Name a media file, or with --from an earlier job whose keypoints to measure again.',
    );
  }
  const mode = options.quick ? 'quick' : options.deep ? 'deep' : undefined;
  const given = { ...(mode && { mode }), ...options.option };
  if (mode && !optionNames(kindNamed(options.kind)).includes('mode')) {
    throw new UsageFailure(`--${mode}: a ${options.kind} has one look, as deep as it gets. Leave it out.`);
  }
  const wanted = jobOptions(options.kind, given, options.from);
  const source = file === undefined ? undefined : await sourceFile(file);
  await prepareOutFolder(options.out);
  const newJob: NewJob = {
    kind: options.kind,
    options: wanted,
    ...(options.webhook && { webhook: { url: options.webhook } }),
  };
  const progress = showProgress(terminal, source);
  try {
    const job = source
      ? await upload(context, source, newJob, progress)
      : await again(context, options.from as string, newJob);
    progress.note(`Accepted as job ${job.id}.`);
    if (options.wait) return await waitAndTell(context, job, progress, options.out);
    terminal.document({ job });
    terminal.answer(job.id);
    return undefined;
  } catch (error) {
    if (!signal.aborted || error instanceof Interrupted) throw error;
    throw new Interrupted(
      source && isResumable(source)
        ? 'Interrupted before the upload was whole. The same command goes on where it stopped.'
        : `Interrupted before the server had accepted the file. Should it have come through after all, ${command('jobs')} shows it.`,
    );
  } finally {
    progress.stop();
  }
}

function upload(
  { api, signal }: CommandContext,
  source: SourceFile,
  job: NewJob,
  progress: Progress,
): Promise<JobView> {
  return uploadFile(api(), source, job, progress, signal);
}

async function again({ api, signal }: CommandContext, from: string, job: NewJob): Promise<JobView> {
  const earlier = await api().get<JobView>(jobPath(from), signal);
  return api().post<JobView>('/api/jobs', { session_id: earlier.session_id, ...job });
}
