import { readFileSync } from 'node:fs';

/** Resident memory of another process, where the system tells (Linux); otherwise 0, which is under any limit. */
export function residentBytes(pid: number): number {
  try {
    // In kibibytes whatever the size of a page is.
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
