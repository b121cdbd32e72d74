import { Command, InvalidArgumentError, Option } from 'commander';
import type { Actions, CommandContext, Outcome } from '../command-context.ts';
import type { JobView, Page } from '../job-view.ts';
import { showJobs } from '../show/job.ts';

/** The API's own bound on a page. */
const PAGE_LIMIT = 100;

interface JobsOptions {
  kind?: string;
  status?: string;
  assigned?: boolean;
  limit: number;
  all?: boolean;
}

export function jobsCommand({ kinds: { definitions }, run }: Actions): Command {
  return new Command('jobs')
    .description('list jobs, newest first')
    .addOption(new Option('--kind <kind>', 'only this sort of analysis').choices([...definitions.names]))
    .addOption(new Option('--status <status>', 'only jobs in this status').choices([...definitions.statuses]))
    .option('--assigned', 'only jobs that wait for your answer, because an operator asked you')
    .option('--limit <n>', 'how many at most', positive, 20)
    .option('--all', 'every one there is')
    .action(run(listJobs));
}

async function listJobs({ api, terminal, signal }: CommandContext, options: JobsOptions): Outcome {
  const wanted = options.all ? Number.POSITIVE_INFINITY : options.limit;
  const items: JobView[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ limit: String(Math.min(PAGE_LIMIT, wanted - items.length)) });
    if (options.kind) query.set('kind', options.kind);
    if (options.status) query.set('status', options.status);
    if (options.assigned) {
      query.set('assigned', 'me');
      // Those answered, or ended otherwise, wait for nobody.
      query.set('phase', 'waiting');
    }
    if (cursor) query.set('cursor', cursor);
    const page: Page<JobView> = await api().get(`/api/jobs?${query}`, signal);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && items.length < wanted);
  terminal.document({ items, next_cursor: cursor });
  if (items.length === 0) terminal.answer('No jobs.');
  else showJobs(terminal, items);
  if (cursor) terminal.note('There are more: --limit N or --all.');
  return undefined;
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected a whole number from 1.');
}
