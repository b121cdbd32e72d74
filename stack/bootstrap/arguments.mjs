import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { Missing } from './requirements.mjs';

const withValue = ['--kind', '--option', '--out', '--from', '--webhook'];

/**
 * The file to analyse, if one is named, as an absolute path, and the options around it. The file is looked at
 * before anything long begins. npm runs scripts from the root of the project, whatever folder the user typed in,
 * and remembers that folder in INIT_CWD.
 *
 * @param {string[]} args
 * @returns {{file: string | undefined, options: string[]}}
 * @throws {Missing} when it is not there, or not to be read
 */
export function readArguments(args, typedIn = process.env.INIT_CWD ?? process.cwd()) {
  const at = args.findIndex(
    (arg, index) => !arg.startsWith('-') && !withValue.includes(args[index - 1] ?? ''),
  );
  if (at < 0) return { file: undefined, options: args };
  return { file: readableFile(args[at] ?? '', typedIn), options: args.toSpliced(at, 1) };
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
