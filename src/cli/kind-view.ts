import type { Option } from 'commander';
import type { ApiClient } from './api-client.ts';
import type { JobView } from './job-view.ts';
import type { Terminal } from './terminal.ts';

/** What the CLI needs to know of a kind to print its answer. A kind without one is printed as JSON. */
export interface KindView {
  /** Everything the job found so far, as `--json` prints it. */
  read(api: ApiClient, job: JobView): Promise<unknown>;
  /** The same for people. */
  show(terminal: Terminal, result: unknown): void;
  /** The report in Markdown, for `--out`; undefined where there is none (yet). */
  report(result: unknown, job: JobView): string | undefined;
  /** For a kind that asks people. */
  answer?: AnswerView;
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
