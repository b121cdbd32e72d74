import { readdirSync, readFileSync } from 'node:fs';

/** What a process had of the machine since it was started, seconds, all its threads together. */
export interface ProcessorTime {
  /** At work on a core. */
  used: number;
  /** Ready to work, while the cores were busy with others. */
  waited: number;
}

/** Linux tells programs of its clock ticks as if there were so many a second, on every architecture in use. */
const ticksPerSecond = 100;

/** The processor time of another process, where the system tells (Linux); otherwise undefined. */
export function processorTime(pid: number): ProcessorTime | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name before it may hold spaces and brackets. `utime` and `stime` are fields 14 and 15 of proc(5).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { used: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond, waited: waitedSeconds(pid) };
  } catch {
    return undefined;
  }
}

/** A kernel may be built without these statistics, and a thread may end while they are read. */
function waitedSeconds(pid: number): number {
  try {
    const nanoseconds = readdirSync(`/proc/${pid}/task`).map((thread) =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[1]),
    );
    return nanoseconds.reduce((sum, n) => sum + n, 0) / 1e9;
  } catch {
    return 0;
  }
}
