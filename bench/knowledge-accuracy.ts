/** `npm run accuracy:knowledge`: asks the knowledge base questions with known answers, and writes the table into `docs/accuracy.md`. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../src/database/database.ts';
import { migrateUp } from '../src/database/migrate.ts';
import { addShippedKnowledge, shippedKnowledge } from '../src/kinds/mri/tables/knowledge/shipped.ts';
import { PidFile } from '../stack/processes/pid-file.ts';
import { createPostgres } from '../stack/servers/postgres.ts';
import { askAll, recallAt } from '../test/kinds/mri/knowledge/recall.ts';
import { asMarkdown, placeSection, type Section } from './section.ts';

const page = new URL('../docs/accuracy.md', import.meta.url).pathname;

const folder = mkdtempSync(join(tmpdir(), 'doubletake-knowledge-'));
// PostgreSQL's user passes through it when we are root.
chmodSync(folder, 0o711);
const postgres = createPostgres({
  folder: join(folder, 'postgres'),
  log: join(folder, 'postgres.log'),
  password: 'of-a-throwaway-server',
  throwaway: true,
  pids: new PidFile(join(folder, 'pids.json')),
});
try {
  await postgres.start();
  const database = await openDatabase(postgres.url());
  await migrateUp(database);
  await addShippedKnowledge(database);
  const asked = await askAll(database.em());
  await database.close();
  const share = (first: number) => `${(100 * recallAt(first, asked)).toFixed(1)} %`;
  const missed = asked.filter(({ rank }) => rank === 0 || rank > 5).map(({ question }) => `“${question}”`);
  const section: Section = {
    id: 'mri-knowledge',
    title: 'mri: the knowledge base',
    says: `${asked.length} questions with known passages (\`test/kinds/mri/knowledge/questions.json\`) to the ${shippedKnowledge.passages.length} passages that ship, \`npm run accuracy:knowledge\`, without embeddings. Whoever wrote the passages wrote the questions, mostly in other words. Not among the first five: ${missed.join(', ') || 'none'}.`,
    head: ['the passage is', 'questions'],
    rows: [1, 3, 5, 10].map((first) => [
      first === 1 ? 'the first' : `among the first ${first}`,
      share(first),
    ]),
  };
  process.stdout.write(`${asMarkdown(section)}\n`);
  await writeFile(page, placeSection(await readFile(page, 'utf8'), section));
} finally {
  await postgres.stop();
  postgres.discard();
  rmSync(folder, { recursive: true, force: true });
}
