import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { Actions, CommandContext, Outcome } from '../../../cli/command-context.ts';
import { UsageFailure } from '../../../cli/failures.ts';
import { table } from '../../../cli/show/table.ts';
import type { StoredPassage } from '../language/passage.ts';

interface Listed {
  version: number;
  passages: number;
  items: (StoredPassage & { added_by: string })[];
  next_after: string | null;
}

interface Added {
  version: number;
  added: number;
  replaced: number;
  unchanged: number;
}

/** For operators: what reports of the kind `mri` may cite. */
export function knowledgeCommand({ run }: Actions): Command {
  const knowledge = new Command('knowledge').description(
    'the passages that mri reports cite (for operators)',
  );
  knowledge
    .command('add')
    .description('add the passages of a file, each with its source and licence')
    .argument('<file>', 'JSON: {"passages": [{"id", "title", "text", "source", "licence", "verified"}, …]}')
    .action(run(add));
  knowledge
    .command('list')
    .description('the passages there are, with where they come from')
    .action(run(list));
  return knowledge;
}

async function add({ api, terminal }: CommandContext, path: string): Outcome {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new UsageFailure(`${path} cannot be read: ${(cause as Error).message}.`, { cause });
  });
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (cause) {
    throw new UsageFailure(`${path} is no JSON: ${(cause as Error).message}.`, { cause });
  }
  const answer = await api().post<Added>('/api/knowledge', file);
  terminal.document(answer);
  const { version, added, replaced, unchanged } = answer;
  terminal.answer(
    `Knowledge version ${version}: ${added} added, ${replaced} replaced, ${unchanged} already there.`,
  );
  return undefined;
}

async function list({ api, terminal, signal }: CommandContext): Outcome {
  const items: Listed['items'] = [];
  let page: Listed;
  let after = '';
  do {
    page = await api().get<Listed>(`/api/knowledge?limit=500${after}`, signal);
    items.push(...page.items);
    after = `&after=${page.next_after}`;
  } while (page.next_after !== null);
  const { version } = page;
  terminal.document({ version, items });
  const head = ['CITE', 'ID', 'LICENCE', 'CHECKED', 'ADDED BY', 'SOURCE'];
  const rows = items.map(({ cite, id, licence, verified, added_by, source }) => [
    ...[cite, id, licence, verified ? 'yes' : 'no', added_by, source],
  ]);
  for (const line of table(head, rows)) terminal.answer(line);
  terminal.note(`Version ${version}, ${items.length} passages.`);
  return undefined;
}
