import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { Missing } from './requirements.mjs';

/** What `doubletake analyze` takes beside the file; the rest of it makes no sense while everything starts. */
const withValue = ['--kind', '--option', '--out', '--webhook'];
const alone = ['--quick', '--deep', '--json'];

export const help = `npm start [-- FILE [options]]

Sets up what is missing, starts PostgreSQL, Temporal, an S3 server, the API and a worker, and serves until Ctrl-C.
With a file: analyses it first and prints what was found.

  --quick             only the quick pass
  --deep              the quick pass, then every frame (the default)
  --kind KIND         what sort of analysis (technique unless told)
  --option KEY=JSON   an option of the kind; repeatable
  --out FOLDER        write all artifacts and report.md there
  --webhook URL       have this address told when the job waits for a person or ends
  --json              the answer as one JSON document

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
    return (
      arg.startsWith('-') &&
      !(at > 0 && withValue.includes(options[at - 1] ?? '')) &&
      ![...withValue, ...alone].includes(name)
    );
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
