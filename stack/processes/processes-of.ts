import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface FoundProcess {
  pid: number;
  /** Its command line, or what it calls itself. */
  command: string;
}

/**
 * Other processes that were started for a folder: it is in their environment or their command line, or they work in it.
 * One of the three outlives whatever a program does to the other two: PostgreSQL writes over both texts. Linux only.
 */
export function processesOf(folder: string): FoundProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const command = told(() => readFileSync(`/proc/${name}/cmdline`, 'utf8'));
      const environment = told(() => readFileSync(`/proc/${name}/environ`, 'utf8'));
      const place = told(() => readlinkSync(`/proc/${name}/cwd`));
      if (![command, environment, place].some((text) => text.includes(folder))) return [];
      return [{ pid: Number(name), command: command.replaceAll('\0', ' ').trim() }];
    });
}

/** Ended meanwhile, or somebody else's: nothing. */
function told(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
