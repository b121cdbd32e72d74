import type { ApiClient } from '../api-client.ts';
import type { JobView } from '../job-view.ts';
import type { Terminal } from '../terminal.ts';

/** What the CLI needs to know of a kind to print its answer. A kind without one is printed as JSON. */
export interface KindView {
  /** Everything the job found so far, as `--json` prints it. */
  read(api: ApiClient, job: JobView): Promise<unknown>;
  /** The same for people. */
  show(terminal: Terminal, result: unknown): void;
  /** The report in Markdown, for `--out`; undefined where there is none (yet). */
  report(result: unknown): string | undefined;
}
