import { Command, InvalidArgumentError, Option } from 'commander';
import type { Actions, CommandContext, Outcome } from '../../../cli/command-context.ts';
import { exitCodes } from '../../../cli/exit-codes.ts';
import type { Page } from '../../../cli/job-view.ts';
import type { CameraEvent } from '../events/event.ts';
import { followEvents } from './follow-events.ts';
import { lineOf, showEvents } from './show-events.ts';

/** The API's own bound on a page. */
const PAGE_LIMIT = 100;

interface EventsOptions {
  camera?: string;
  after?: string;
  before?: string;
  label?: string;
  zone?: string;
  minConfidence?: string;
  minDuration?: string;
  text?: string;
  open?: boolean;
  unreviewed?: boolean;
  oldestFirst?: boolean;
  owner?: string;
  limit: number;
  all?: boolean;
  follow?: boolean;
}

export function eventsCommand({ run }: Actions): Command {
  const inPast = ['after', 'before', 'zone', 'minConfidence', 'minDuration', 'text', 'open', 'unreviewed'];
  return new Command('events')
    .description('list what happened in front of your cameras, newest first')
    .option('--camera <id>', 'only of this camera')
    .option('--after <time>', 'started after, such as 2026-10-25 or 2026-10-25T02:30:00+02:00', instant)
    .option('--before <time>', 'started before', instant)
    .option('--label <word>', 'in which this was seen, such as person')
    .option('--zone <name>', 'in which something stood in this zone')
    .option('--min-confidence <share>', 'at least so sure that something moved, 0 to 1')
    .option('--min-duration <seconds>', 'that lasted at least so long')
    .option('--text <words>', 'with all these words in its description, labels, zones or camera')
    .option('--open', 'only those that have not ended')
    .option('--unreviewed', 'only those that nobody has reviewed')
    .option('--oldest-first', 'in the order in which they happened')
    .option('--owner <user>', 'another user’s, for operators')
    .option('--limit <n>', 'how many at most', positive, 20)
    .option('--all', 'every one there is')
    .addOption(
      new Option('--follow', 'print what happens from now on, until Ctrl-C').conflicts([
        ...inPast,
        'all',
        'oldestFirst',
      ]),
    )
    .action(run(listEvents));
}

async function listEvents(context: CommandContext, options: EventsOptions): Outcome {
  if (options.follow) return follow(context, options);
  const { api, terminal, signal } = context;
  const wanted = options.all ? Number.POSITIVE_INFINITY : options.limit;
  const items: CameraEvent[] = [];
  let cursor: string | null = null;
  do {
    const query = queryOf(options);
    query.set('limit', String(Math.min(PAGE_LIMIT, wanted - items.length)));
    if (cursor) query.set('cursor', cursor);
    const page: Page<CameraEvent> = await api().get(`/api/events?${query}`, signal);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && items.length < wanted);
  terminal.document({ items, next_cursor: cursor });
  if (items.length === 0) terminal.answer('No events.');
  else showEvents(terminal, items);
  if (cursor) terminal.note('There are more: --limit N or --all.');
  return undefined;
}

function queryOf(options: EventsOptions): URLSearchParams {
  const { camera, after, before, label, zone, minConfidence, minDuration, text, owner } = options;
  const given = {
    ...{ camera_id: camera, after, before, label, zone, q: text, owner },
    ...{ min_confidence: minConfidence, min_duration: minDuration },
    ...(options.open && { ended: 'false' }),
    ...(options.unreviewed && { reviewed: 'false' }),
    ...(options.oldestFirst && { order: 'asc' }),
  };
  return new URLSearchParams(
    Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Each event when it begins and when it changes; with `--json` each is a line. */
async function follow({ api, terminal, signal }: CommandContext, options: EventsOptions): Outcome {
  const { camera, label, owner } = options;
  terminal.note('Waiting for events; Ctrl-C ends this.');
  const query = queryOf({ camera, label, owner, limit: 0 } as EventsOptions);
  const lost = () => terminal.note('The server does not answer just now; this goes on when it does.');
  for await (const event of followEvents(api(), `/api/events/stream?${query}`, { signal, onLost: lost })) {
    terminal.record(event);
    terminal.answer(lineOf(event));
  }
  return exitCodes.interrupted;
}

/** A day, or a time with or without an offset, as the API wants it; without one it is this machine's. */
function instant(text: string): string {
  const at = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text);
  if (!Number.isNaN(at.getTime()) && /^\d{4}-/.test(text)) return at.toISOString();
  throw new InvalidArgumentError('Expected a time such as 2026-10-25 or 2026-10-25T02:30:00+02:00.');
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected a whole number from 1.');
}
