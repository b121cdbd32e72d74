import { Command, InvalidArgumentError, Option } from 'commander';
import { newApiKey } from '../../database/keys/api-key.ts';
import { isUuid } from '../../domain/uuid.ts';
import { withApiKeys } from '../api-keys.ts';
import type { Actions, CommandContext, Outcome } from '../command-context.ts';
import { command } from '../command-name.ts';
import { UsageFailure } from '../failures.ts';
import type { CliKinds } from '../kind-view.ts';
import { databaseAddress } from '../server-address.ts';
import { table } from '../show/table.ts';

const DAY_MS = 86_400_000;

interface CreateOptions {
  user: string;
  role: 'user' | 'operator';
  label: string;
  days?: number;
  only?: string[];
}

/** For operators: whoever may write to the database may make keys, so no key is needed for the first one. */
export function keysCommand({ kinds, run }: Actions): Command {
  const keys = new Command('keys').description('make, list and revoke API keys (needs DATABASE_URL)');
  keys
    .command('create')
    .description('make a key and print it, once')
    .requiredOption('--user <id>', 'whose jobs it sees')
    .addOption(
      new Option('--role <role>', 'an operator sees everyone’s')
        .choices(['user', 'operator'])
        .default('user'),
    )
    .option('--label <text>', 'what it is for', '')
    .option('--days <n>', 'until it expires; never, unless told', positive)
    .option(
      '--only <kind:name>',
      `all that it is for; repeatable. ${limitsOf(kinds).join('; ')}`,
      (text: string, before: string[] = []) => [...before, limit(kinds, text)],
    )
    .action(run(create));
  keys
    .command('list')
    .description('the keys there are, newest first; not the keys themselves')
    .option('--user <id>', 'only theirs')
    .action(run(list));
  keys
    .command('revoke')
    .description('end a key')
    .argument('<id>', 'its id, from "keys list"')
    .action(run(revoke));
  return keys;
}

async function create(context: CommandContext, { user, role, label, days, only }: CreateOptions): Outcome {
  const { terminal } = context;
  const { key, sha256 } = newApiKey();
  const expires_at = days === undefined ? null : new Date(Date.now() + days * DAY_MS);
  const limited_to = only ? [...new Set(only)] : null;
  const { id } = await withApiKeys(databaseOf(context), (keys) =>
    keys.create({ user_id: user, role, label, key_sha256: sha256, expires_at, limited_to }),
  );
  terminal.document({ id, key, user_id: user, role, label, expires_at, limited_to });
  terminal.answer(key);
  terminal.note(
    `Key ${id} of ${user} (${role})${only ? `, only for ${only.join(', ')}` : ''}. It is shown this once; keep it safe, for instance as DOUBLETAKE_API_KEY.`,
  );
  return undefined;
}

async function list(context: CommandContext, { user }: { user?: string }): Outcome {
  const { terminal } = context;
  const all = await withApiKeys(databaseOf(context), (keys) => keys.list());
  const items = all.filter(({ user_id }) => user === undefined || user_id === user);
  terminal.document({ items });
  if (items.length === 0) terminal.answer('No keys.');
  else {
    const day = (at: Date | null) => at?.toISOString().slice(0, 10) ?? '';
    const rows = items.map((key) => [
      key.id,
      key.user_id,
      key.role,
      day(key.created_at),
      day(key.expires_at),
      day(key.revoked_at),
      key.limited_to?.join(', ') ?? '',
      key.label,
    ]);
    const head = ['KEY', 'USER', 'ROLE', 'CREATED', 'EXPIRES', 'REVOKED', 'ONLY', 'LABEL'];
    for (const line of table(head, rows)) terminal.answer(line);
  }
  return undefined;
}

async function revoke(context: CommandContext, id: string): Outcome {
  const { terminal } = context;
  if (!isUuid(id)) {
    throw new UsageFailure(`${id} is no id of a key. ${command('keys list')} shows them.`);
  }
  const found = await withApiKeys(databaseOf(context), (keys) => keys.revoke(id));
  if (!found) throw new UsageFailure(`There is no key ${id}. ${command('keys list')} shows them.`);
  terminal.document({ revoked: id });
  terminal.answer(`Key ${id} is revoked.`);
  return undefined;
}

function databaseOf({ env, directory }: CommandContext): string {
  return databaseAddress(env, directory);
}

/** A hundred years; a date of PostgreSQL has an end. */
const mostDays = 36_500;

/** What a key may be limited to, with what it is good for then. */
function limitsOf({ views }: CliKinds): string[] {
  return Object.entries(views).flatMap(([kind, { limit }]) =>
    limit ? `${kind}:NAME: ${limit.description}` : [],
  );
}

/** @throws InvalidArgumentError for what no route would ever let in */
function limit(kinds: CliKinds, text: string): string {
  const [kind = '', ...rest] = text.split(':');
  const view = Object.hasOwn(kinds.views, kind) ? kinds.views[kind]?.limit : undefined;
  if (!view || rest.length === 0)
    throw new InvalidArgumentError(`Expected one of these. ${limitsOf(kinds).join('; ')}.`);
  const refusal = view.refusalOf(rest.join(':'));
  if (refusal) throw new InvalidArgumentError(`The name of a ${kind} ${refusal}.`);
  return text;
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= mostDays) return value;
  throw new InvalidArgumentError(`Expected a whole number of days from 1 to ${mostDays}.`);
}
