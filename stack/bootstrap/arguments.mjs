import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { Missing } from './requirements.mjs';

/**
 * An option as commander writes it: `--out <dir>` takes a value, `--json` takes none.
 * @typedef {{ flags: string, description: string }} AnalyzeOption
 */

/** What `doubletake analyze` takes for any kind; what it takes beyond these makes no sense while everything starts. */
const sharedOptions = [
  { flags: '--kind <kind>', description: 'what sort of analysis; the first of the kinds unless told' },
  { flags: '--option <key=json>', description: 'an option of the kind; repeatable' },
  { flags: '--out <folder>', description: 'write all artifacts and report.md there' },
  {
    flags: '--webhook <url>',
    description: 'have this address told when the job waits for a person or ends',
  },
  { flags: '--json', description: 'the answer as one JSON document' },
];

const kindsFolder = join(import.meta.dirname, '..', '..', 'src', 'kinds');

/**
 * The kinds' own options. They are data, since this runs before any package is installed, on a Node that may run no
 * TypeScript.
 * @returns {AnalyzeOption[]}
 */
function optionsOfKinds() {
  return readdirSync(kindsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const text = readIfThere(join(kindsFolder, name, 'cli', 'analyze-options.json'));
      return text === null ? [] : JSON.parse(text);
    });
}

/** @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return null;
    throw error;
  }
}

const options = [...sharedOptions, ...optionsOfKinds()];
const nameOf = (/** @type {AnalyzeOption} */ { flags }) => flags.split(/[ ,]/)[0] ?? flags;
const takesValue = (/** @type {AnalyzeOption} */ { flags }) => flags.includes('<');
const withValue = options.filter(takesValue).map(nameOf);
const names = options.map(nameOf);

export const help = `npm start [-- FILE [options]]

Sets up what is missing, starts PostgreSQL, Temporal, an S3 server, the API and a worker, and serves until Ctrl-C.
With a file: analyses it first and prints what was found.

${options.map(({ flags, description }) => `  ${flags.padEnd(20)} ${description}`).join('\n')}

Everything else is "npx doubletake --help", in this folder, once it runs.`;

/** @param {string[]} args */
export function asksForHelp(args) {
  return args.includes('--help') || args.includes('-h');
}

/**
 * The file to analyse, if one is named, as an absolute path, and the options around it. The file is looked at
 * before anything long begins. npm runs scripts from the root of the project, whatever folder the user typed in,
 * and remembers that folder in INIT_CWD.
 *
 * @param {string[]} args
 * @returns {{file: string | undefined, options: string[]}}
 * @throws {Missing} when it is not there, or not to be read, or something else is wrong with the arguments
 */
export function readArguments(args, typedIn = process.env.INIT_CWD ?? process.cwd()) {
  const isValue = (/** @type {number} */ at) => withValue.includes(args[at - 1] ?? '');
  const files = args.filter((arg, at) => !arg.startsWith('-') && !isValue(at));
  const options = args.filter((arg, at) => arg.startsWith('-') || isValue(at));
  const unknown = options.find((arg, at) => {
    const [name = ''] = arg.split('=');
    const isOption = arg.startsWith('-') && !(at > 0 && withValue.includes(options[at - 1] ?? ''));
    return isOption && !names.includes(name);
  });
  if (unknown)
    throw new Missing(`npm start has no option ${unknown}. "npm start -- --help" shows those it has.`);
  if (files.length > 1)
    throw new Missing(
      `npm start analyses one file, and here are ${files.length}: ${files.join(', ')}. Start with one; once it runs, "npx doubletake analyze FILE" takes the others.`,
    );
  if (files.length === 0 && options.length > 0)
    throw new Missing(`${options[0]} goes with a file: npm start -- FILE ${options.join(' ')}`);
  if (files.length === 0) return { file: undefined, options };
  return { file: readableFile(files[0] ?? '', typedIn), options };
}

/**
 * @param {string} named
 * @param {string} typedIn
 */
function readableFile(named, typedIn) {
  const path = isAbsolute(named) ? named : resolve(typedIn, named);
  try {
    if (statSync(path).isFile()) {
      accessSync(path, constants.R_OK);
      return path;
    }
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    throw new Missing(
      code === 'EACCES'
        ? `You may not read ${path}.`
        : `There is no file ${path}. Name one that exists, or none to just serve.`,
    );
  }
  throw new Missing(`${path} is a folder. Name a file.`);
}
