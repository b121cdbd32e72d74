/** One measured question: a heading, what was done, and a table. */
export interface Section {
  /** Word for `--only`, and the mark in `docs/performance.md`. */
  id: string;
  title: string;
  says: string;
  head: string[];
  rows: string[][];
}

export function asMarkdown({ title, says, head, rows }: Section): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [`## ${title}`, says, [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')].join(
    '\n\n',
  );
}

/** Replaces the section between its marks, or adds it at the end. */
export function placeSection(document: string, section: Section): string {
  const [begin, end] = [`<!-- bench:${section.id} -->`, `<!-- /bench:${section.id} -->`];
  const block = `${begin}\n${asMarkdown(section)}\n${end}`;
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from >= 0 && to > from) return document.slice(0, from) + block + document.slice(to + end.length);
  return `${document.trimEnd()}\n\n${block}\n`;
}
