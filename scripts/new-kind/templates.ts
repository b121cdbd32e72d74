import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A file of the skeleton, with `__kind__` and the other placeholders in its path and in its text. */
export interface Template {
  path: string;
  content: string;
}

/** Templates lie where their files will, with an ending that keeps compiler, linter and Jest from reading them. */
const ending = '.template';

export function templates(root: string): Template[] {
  const folder = join(root, 'scripts/new-kind/files');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => path.endsWith(ending) && statSync(path).isFile())
    .sort()
    .map((path) => ({
      path: relative(folder, path).slice(0, -ending.length),
      content: readFileSync(path, 'utf8'),
    }));
}
