import type { Command, Option } from 'commander';
import type { Kinds } from '../domain/kind-registry.ts';
import type { ApiClient } from './api-client.ts';
import type { Actions } from './command-context.ts';
import type { JobView } from './job-view.ts';
import type { Terminal } from './terminal.ts';

/** What the CLI needs to know of a kind. One without a view is printed as JSON. */
export interface KindView {
  /** Everything the job found so far, as `--json` prints it. */
  read(api: ApiClient, job: JobView): Promise<unknown>;
  /** The same for people. */
  show(terminal: Terminal, result: unknown): void;
  /** The report in Markdown, for `--out`; undefined where there is none (yet). */
  report(result: unknown, job: JobView): string | undefined;
  /** For a kind with options of its own for `analyze`, beyond `--option`. */
  analyze?: AnalyzeView;
  /** Commands of its own, beside those that all kinds share. */
  commands?: readonly ((actions: Actions) => Command)[];
  /** For a kind that asks people. */
  answer?: AnswerView;
  /** For a kind whose routes take keys that are limited to `<kind>:<name>`. */
  limit?: LimitView;
}

/** How a job of the kind is asked for on the command line. */
export interface AnalyzeView {
  /**
   * Its options, as commander writes them. They lie in `src/kinds/<kind>/cli/analyze-options.json`, since `npm start`,
   * which takes the same, reads them before any package is installed.
   */
  options?: readonly AnalyzeOption[];
  /** For the help, after `analyze`. */
  examples: readonly string[];
  /**
   * What the kind's options ask for.
   * @param given by commander's names
   * @param file undefined where none was named
   * @throws UsageFailure
   */
  request?(given: Record<string, unknown>, file: string | undefined): AnalyzeRequest;
}

export interface AnalyzeOption {
  flags: string;
  description: string;
  /** Options that do not go with it, by commander's names. */
  conflicts?: readonly string[];
}

export interface AnalyzeRequest {
  /** Options of the job. */
  options: Record<string, unknown>;
  /** For messages: which flag stands for an option of the job. */
  flags?: Readonly<Record<string, string>>;
  /** The job whose session is analysed again, instead of a file. */
  sessionOf?: string;
}

/** What `GET /api/jobs/{id}/assist` says as the kind defines it. */
export interface AskedOfPeople {
  ask: unknown;
  current: unknown;
}

/** How people are asked, and answer, on the command line. */
export interface AnswerView {
  /** The kind's own options of `assist`; `--note` and `--file` are every kind's. */
  options: readonly Option[];
  /** For the help, after `assist 5f0c…`. */
  examples: readonly string[];
  /** What to say of the options below a question. */
  hint: string;
  /** The answer that the options give, without the note; null where none of the kind's is given. @throws UsageFailure */
  answerOf(options: Record<string, unknown>): object | null;
  /** What is needed to answer, besides the reasons. */
  show(terminal: Terminal, asked: AskedOfPeople): void;
}

/** How a key is limited to something of a kind's, on the command line. */
export interface LimitView {
  /** What such a key is for, e.g. `posting events of that camera`. */
  description: string;
  /** Why nothing can have this name; null when something can. */
  refusalOf(name: string): string | null;
}

/** The kinds as the command sees them; handed in by `cli.ts`. */
export interface CliKinds {
  definitions: Kinds;
  /** By the kind's word. */
  views: Readonly<Record<string, KindView>>;
}

const plainView: KindView = {
  read: (api, job) => api.get(job.links.result ?? `/api/jobs/${job.id}/result`),
  show: (terminal, result) => terminal.answer(JSON.stringify(result, null, 2)),
  report: () => undefined,
};

export function viewOfKind({ views }: Pick<CliKinds, 'views'>, kind: string): KindView {
  return (Object.hasOwn(views, kind) && views[kind]) || plainView;
}

/** The answers of every kind that asks people. */
export function answerViews({ views }: Pick<CliKinds, 'views'>): AnswerView[] {
  return Object.values(views).flatMap(({ answer }) => answer ?? []);
}
