import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotAdd } from './cannot-add.ts';
import { addToRegistry, type KindWords, registryPaths } from './registries.ts';
import { templates } from './templates.ts';

/** A file to write; `before` is what it holds now, where it is there already. */
export interface Change {
  path: string;
  content: string;
  before?: string;
}

/**
 * All that a new kind changes. Nothing is written yet.
 * @throws CannotAdd when a file is in the way, or a registry is not built as expected
 */
export function planKind(root: string, kind: string): Change[] {
  const words: KindWords = {
    kind,
    Kind: kind.replace(/^./, (first) => first.toUpperCase()),
    number: nextNumber(root),
  };
  const created = templates(root).map(({ path, content }) => ({
    path: filledIn(path, words),
    content: filledIn(content, words),
  }));
  const inTheWay = created.filter(({ path }) => existsSync(join(root, path))).map(({ path }) => path);
  if (inTheWay.length > 0)
    throw new CannotAdd(
      `These files are there already: ${inTheWay.join(', ')}. Move them away, or choose another name. Nothing was written.`,
    );
  const edited = registryPaths.map((path) => {
    const before = readFileSync(join(root, path), 'utf8');
    return { path, before, content: addToRegistry(path, before, words) };
  });
  return [...created, ...edited];
}

function filledIn(text: string, { kind, Kind, number }: KindWords): string {
  return text.replaceAll('__number__', number).replaceAll('__Kind__', Kind).replaceAll('__kind__', kind);
}

/** One more than the newest migration's. */
function nextNumber(root: string): string {
  const numbers = readdirSync(join(root, 'src/database/migrations')).map((file) =>
    Number(/^migration-(\d+)-/.exec(file)?.[1] ?? 0),
  );
  return String(Math.max(0, ...numbers) + 1).padStart(4, '0');
}
