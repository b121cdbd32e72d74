import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** State of a listening socket in /proc/net/tcp (`TCP_LISTEN` in the kernel's tcp_states.h). */
const listening = '0A';

/**
 * Whether this very process listens on the TCP port. That the port answers does not say it: another program may have
 * taken it a moment before. Where the system does not tell, true.
 */
export function listens(pid: number, port: number): boolean {
  try {
    return process.platform === 'linux' ? listensOnLinux(pid, port) : listensByLsof(pid, port);
  } catch {
    return true;
  }
}

function listensOnLinux(pid: number, port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const rows = ['tcp', 'tcp6'].flatMap((table) => rowsOf(`/proc/${pid}/net/${table}`));
  const inodes = rows
    .filter(([, local, , state]) => local?.endsWith(`:${hex}`) && state === listening)
    .map((row) => `socket:[${row[9]}]`);
  return readdirSync(`/proc/${pid}/fd`).some((fd) => inodes.includes(target(`/proc/${pid}/fd/${fd}`)));
}

function rowsOf(table: string): string[][] {
  try {
    return readFileSync(table, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/));
  } catch {
    // A system without IPv6.
    return [];
  }
}

/** Files may be closed while we look. */
function target(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

function listensByLsof(pid: number, port: number): boolean {
  const args = ['-nP', '-a', '-p', String(pid), `-iTCP:${port}`, '-sTCP:LISTEN', '-t'];
  const { error, stdout } = spawnSync('lsof', args, { encoding: 'utf8' });
  return error !== undefined || stdout.trim() !== '';
}
