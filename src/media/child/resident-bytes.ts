import { readFileSync } from 'node:fs';

const PAGE = 4096;

/** Resident memory of another process, where the system tells (Linux); otherwise 0, which is under any limit. */
export function residentBytes(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE;
  } catch {
    return 0;
  }
}
