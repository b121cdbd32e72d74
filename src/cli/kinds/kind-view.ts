import type { ApiClient } from '../api-client.ts';
import type { JobView } from '../job-view.ts';
import type { Terminal } from '../terminal.ts';
import { techniqueView } from './technique.ts';

/** What the CLI needs to know of a kind to print its answer. A kind without one is printed as JSON. */
export interface KindView {
  /** Everything the job found so far, as `--json` prints it. */
  read(api: ApiClient, job: JobView): Promise<unknown>;
  /** The same for people. */
  show(terminal: Terminal, result: unknown): void;
  /** The report in Markdown, for `--out`; undefined where there is none (yet). */
  report(result: unknown): string | undefined;
}

const views: Readonly<Record<string, KindView>> = { technique: techniqueView };

const plain: KindView = {
  read: (api, job) => api.get(job.links.result ?? `/api/jobs/${job.id}/result`),
  show: (terminal, result) => terminal.answer(JSON.stringify(result, null, 2)),
  report: () => undefined,
};

export function viewOfKind(kind: string): KindView {
  return (Object.hasOwn(views, kind) && views[kind]) || plain;
}
