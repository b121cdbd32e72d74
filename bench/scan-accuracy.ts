/** `npm run accuracy:scan`: scans the labelled set and writes its table into `docs/accuracy.md`. */
import { readFile, writeFile } from 'node:fs/promises';
import { verdicts } from '../src/kinds/scan/analysis/result.ts';
import {
  isRight,
  type JudgedFile,
  judgeLabelled,
  labelledSet,
  precisionAndRecall,
} from '../test/kinds/scan/support/labelled.ts';
import { asMarkdown, placeSection, type Section } from './section.ts';

const page = new URL('../docs/accuracy.md', import.meta.url).pathname;

const set = labelledSet();
const judged = await judgeLabelled(set);
set.remove();
const section = confusion(judged);
process.stdout.write(`${asMarkdown(section)}\n`);
await writeFile(page, placeSection(await readFile(page, 'utf8'), section));

/** Rows by type and by what is expected, columns by what was said. */
function confusion(all: readonly JudgedFile[]): Section {
  const rows = new Map<string, JudgedFile[]>();
  for (const file of all) {
    const key = `${file.type} | ${file.expected}`;
    rows.set(key, [...(rows.get(key) ?? []), file]);
  }
  const { precision, recall } = precisionAndRecall(all);
  const wrong = all.filter((file) => !isRight(file)).map(({ name }) => `\`${name}\``);
  return {
    id: 'scan-labelled',
    title: 'scan: the labelled set',
    says: `${all.length} files with known verdicts (\`test/kinds/scan/labelled/\`), \`npm run accuracy:scan\`, without ClamAV and without passwords. Of suspicious or worse: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}; a clean file that is called unknown counts as a false alarm. Wrong: ${wrong.join(', ') || 'none'}. \`any\` is not counted. A file that must be suspicious may be malicious.`,
    head: ['type', 'expected', ...verdicts],
    rows: [...rows]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, files]) => [
        ...key.split(' | '),
        ...verdicts.map((verdict) => {
          const count = files.filter(({ result }) => result.verdict === verdict).length;
          return count === 0 ? '' : String(count);
        }),
      ]),
  };
}
