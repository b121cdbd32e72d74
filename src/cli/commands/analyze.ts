import { Command, Option } from 'commander';
import type { Actions, CommandContext, Outcome } from '../command-context.ts';
import { command, commandName } from '../command-name.ts';
import { Interrupted, UsageFailure } from '../failures.ts';
import { checkJobOptions, collectOption } from '../job-options.ts';
import { type JobView, jobPath } from '../job-view.ts';
import { type AnalyzeOption, type AnalyzeRequest, type CliKinds, viewOfKind } from '../kind-view.ts';
import { prepareOutFolder } from '../out-folder.ts';
import type { Progress } from '../show/progress.ts';
import { showProgress } from '../show/show-progress.ts';
import { type SourceFile, sourceFile } from '../upload/source-file.ts';
import { isResumable, type NewJob, uploadFile } from '../upload/upload-file.ts';
import { waitAndTell } from '../wait-and-tell.ts';

/** Beside these, what the kinds' own options give. */
interface AnalyzeOptions extends Record<string, unknown> {
  kind: string;
  option?: Record<string, unknown>;
  webhook?: string;
  out?: string;
  wait: boolean;
}

export function analyzeCommand({ kinds, run }: Actions): Command {
  const { names } = kinds.definitions;
  const analyze = new Command('analyze')
    .description('upload a file, wait for the answer and print it')
    .argument('[file]', 'file to analyse; left out where a kind needs none')
    .addOption(new Option('--kind <kind>', 'what sort of analysis').choices([...names]).default(names[0]));
  const examples: string[] = [];
  for (const { analyze: view } of Object.values(kinds.views)) {
    for (const option of view?.options ?? []) analyze.addOption(commanderOption(option));
    examples.push(...(view?.examples ?? []));
  }
  return analyze
    .option('--option <key=json>', 'an option of the kind; repeatable', collectOption)
    .option(
      '--webhook <url>',
      'have this address told when the job waits for a person or ends; the server needs DOUBLETAKE_WEBHOOK_SECRET for it',
    )
    .option('--out <dir>', 'write all artifacts and report.md there')
    .option('--no-wait', 'print the accepted job and leave')
    .addHelpText(
      'after',
      ['', 'Examples:', ...examples.map((words) => `  ${commandName()} analyze ${words}`)].join('\n'),
    )
    .action(run(analyzeFile));
}

function commanderOption({ flags, description, conflicts = [] }: AnalyzeOption): Option {
  return new Option(flags, description).conflicts([...conflicts]);
}

/** The options of other kinds that were given, as they are typed. */
function foreignFlags({ views }: CliKinds, kind: string, given: Record<string, unknown>): string[] {
  return Object.entries(views).flatMap(([word, { analyze }]) =>
    word === kind
      ? []
      : (analyze?.options ?? [])
          .map(commanderOption)
          .filter((option) => given[option.attributeName()] !== undefined)
          .map((option) => option.long ?? option.flags),
  );
}

async function analyzeFile(
  context: CommandContext,
  file: string | undefined,
  options: AnalyzeOptions,
): Outcome {
  const { kinds, terminal, signal } = context;
  if (!options.wait && options.out) {
    throw new UsageFailure(
      '--out needs the answer, and --no-wait does not wait for it. Leave one of them out.',
    );
  }
  const definition = kinds.definitions.named(options.kind);
  const [foreign] = foreignFlags(kinds, options.kind, options);
  if (foreign) throw new UsageFailure(`${foreign}: a ${options.kind} has no such option. Leave it out.`);
  const view = viewOfKind(kinds, options.kind).analyze;
  const asked: AnalyzeRequest = view?.request?.(options, file) ?? { options: {} };
  if (file === undefined && asked.sessionOf === undefined && definition.source === 'file')
    throw new UsageFailure(`A ${options.kind} needs a file: name one.`);
  const wanted = { ...asked.options, ...options.option };
  checkJobOptions(definition, wanted, asked.flags);
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
      : await withoutFile(context, asked.sessionOf, newJob);
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

/** On the session of an earlier job, or on the live source that the options name. */
async function withoutFile(
  { api, signal }: CommandContext,
  earlier: string | undefined,
  job: NewJob,
): Promise<JobView> {
  if (earlier === undefined) return api().post<JobView>('/api/jobs', job);
  const { session_id } = await api().get<JobView>(jobPath(earlier), signal);
  return api().post<JobView>('/api/jobs', { session_id, ...job });
}
