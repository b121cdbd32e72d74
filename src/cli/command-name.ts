/**
 * The command as it was typed, so that a hint can be pasted: `bin/doubletake.mjs` and `npm start` say it by
 * DOUBLETAKE_COMMAND, npx by its own variable.
 */
export function commandName(env: NodeJS.ProcessEnv = process.env): string {
  return env.DOUBLETAKE_COMMAND || (env.npm_command === 'exec' ? 'npx doubletake' : 'doubletake');
}

/** A hint, ready to be typed. */
export function command(rest: string): string {
  return `"${commandName()} ${rest}"`;
}
