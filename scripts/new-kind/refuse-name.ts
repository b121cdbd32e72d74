import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CannotAdd } from './cannot-add.ts';
import { registryPaths } from './registries.ts';
import { templates } from './templates.ts';

/** What JavaScript keeps for itself, or what its built-in objects would be shadowed by. */
const javascript = words(`
  await break case catch class const continue debugger default delete do else enum export extends false finally for
  function if implements import in instanceof interface let new null package private protected public return static
  super switch this throw true try typeof var void while with yield arguments escape eval undefined unescape then`);

/** What the API's addresses, the bucket and the settings use for all kinds. */
const shared = words(`
  all api artifacts compute deletions doubletake health index job jobs kind kinds live main metrics originals reports
  sessions test uploads webhooks`);

/** Folders where a file or folder of the kind's name is the kind's own. */
const rooms = [
  'src/kinds',
  'src/activities',
  'src/workflows',
  'src/worker/kinds',
  'test/kinds',
  'test/support',
];

/** @throws CannotAdd when no kind of this name can be added */
export function refuseName(root: string, name: string): void {
  const refused = (why: string) =>
    new CannotAdd(`"${name}" cannot be the name of a new kind: ${why} Nothing was written.`);
  if (!/^[a-z][a-z0-9]{1,31}$/.test(name))
    throw refused('a name is 2 to 32 lower-case letters and digits and begins with a letter, e.g. tally.');
  if (name !== 'index' && namesIn(join(root, 'src/domain/kinds')).includes(name))
    throw refused('there is a kind of this name already. Choose another name.');
  if (javascript.has(name)) throw refused('it is a word of JavaScript. Choose another name.');
  const taken =
    shared.has(name) ||
    rooms.some((room) => namesIn(join(root, room)).includes(name)) ||
    namesIn(join(root, 'src/workflows'), { recursive: true }).includes(name);
  if (taken) throw refused('what all kinds share has this name. Choose another name.');
  if (settingPrefixes(root).has(name))
    throw refused(
      `its settings would begin with DOUBLETAKE_${name.toUpperCase()}_, as one of all kinds does. Choose another name.`,
    );
  if (wordsOfCode(root).has(name))
    throw refused('the code of a new kind uses this word for something else. Choose another name.');
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** Names of files, without their endings, and of folders. */
function namesIn(folder: string, options: { recursive?: boolean } = {}): string[] {
  return readdirSync(folder, { ...options, encoding: 'utf8' }).map((path) => basename(path, '.ts'));
}

/** `cache` for `DOUBLETAKE_CACHE_BYTES`. */
function settingPrefixes(root: string): ReadonlySet<string> {
  const code = readFileSync(join(root, 'src/config.ts'), 'utf8');
  return new Set([...code.matchAll(/DOUBLETAKE_([A-Z0-9]+)_/g)].map(([, word = '']) => word.toLowerCase()));
}

/** Every word of the skeleton's and the registries' code outside comments and strings: a kind of that name would clash. */
function wordsOfCode(root: string): ReadonlySet<string> {
  const sources = [
    ...templates(root).flatMap(({ path, content }) => (path.endsWith('.ts') ? content : [])),
    ...registryPaths.map((path) => readFileSync(join(root, path), 'utf8')),
  ];
  const code = sources.map((source) =>
    source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$|'[^'\n]*'/gm, ' ').replaceAll(/`[^`$]*`/g, ' '),
  );
  return new Set(code.join('\n').match(/[A-Za-z_$][\w$]*/g));
}
