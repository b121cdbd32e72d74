import { CannotAdd } from './cannot-add.ts';

const closing: Readonly<Record<string, string>> = { '[': ']', '{': '}' };

/**
 * One more entry at the end of a list or an object.
 * @param opening the text in front of the entries; its last character is the bracket
 * @throws CannotAdd unless the text is there once and the bracket is closed
 */
export function addEntry(source: string, opening: string, entry: string, path: string): string {
  const begin = source.indexOf(opening) + opening.length;
  if (source.split(opening).length !== 2) throw notAsExpected(path, opening);
  const end = closed(source, begin, opening.at(-1) as string);
  if (end < 0) throw notAsExpected(path, opening);
  const entries = source.slice(begin, end).trimEnd();
  const comma = entries === '' || entries.endsWith(',') ? '' : ',';
  return `${source.slice(0, begin)}${entries}${comma} ${entry}${source.slice(end)}`;
}

/** Where the bracket that was opened just before `begin` is closed; -1 where it is not. */
function closed(source: string, begin: number, bracket: string): number {
  let depth = 1;
  for (let at = begin; at < source.length; at++) {
    if (source[at] === bracket) depth++;
    if (source[at] === closing[bracket]) depth--;
    if (depth === 0) return at;
  }
  return -1;
}

/** One more import; the formatter puts it in its place. @throws CannotAdd where there is none yet */
export function addImport(source: string, names: string, from: string, path: string): string {
  const first = source.search(/^import .* from '.*';$/m);
  if (first < 0) throw notAsExpected(path, 'import … from');
  return `${source.slice(0, first)}import ${names} from '${from}';\n${source.slice(first)}`;
}

/** One more export at the end. @throws CannotAdd where there is none yet */
export function addExport(source: string, names: string, from: string, path: string): string {
  if (!/^export \{.*\} from '.*';$/m.test(source)) throw notAsExpected(path, 'export { … } from');
  return `${source.trimEnd()}\nexport ${names} from '${from}';\n`;
}

function notAsExpected(path: string, words: string): CannotAdd {
  return new CannotAdd(
    `${path} is not built as expected: "${words}" must be in it once, with all brackets closed. Mend it, or change scripts/new-kind/registries.ts to what it is now. Nothing was written.`,
  );
}
