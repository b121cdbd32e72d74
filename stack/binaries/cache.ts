import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where programs built or downloaded once are kept for every checkout of this user: `DOUBLETAKE_CACHE`, else
 * `~/.cache/doubletake`, else (a user without a home that can be written) a folder in the checkout.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const home = join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'doubletake');
  const places = env.DOUBLETAKE_CACHE
    ? [env.DOUBLETAKE_CACHE]
    : [home, join(checkout, 'node_modules', '.cache', 'doubletake')];
  for (const place of places) {
    try {
      mkdirSync(join(place, 'bin'), { recursive: true });
      accessSync(join(place, 'bin'), constants.W_OK);
      return place;
    } catch {
      // Try the next.
    }
  }
  throw new Error(
    `None of these folders can be written: ${places.join(', ')}. Set DOUBLETAKE_CACHE to one that can.`,
  );
}

const checkout = join(import.meta.dirname, '..', '..');
