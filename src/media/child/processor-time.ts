import { readdirSync, readFileSync } from 'node:fs';

/** What a process had of the machine since it was started, seconds, all its threads together. */
export interface ProcessorTime {
  /** At work on a core. */
  used: number;
  /** Ready to work, while the cores were busy with others; absent where the kernel keeps no account of it. */
  waited?: number;
  /** Whether a signal or a debugger has stopped it, so that it could not work however idle the cores. */
  stopped: boolean;
}

/** Linux tells programs of its clock ticks as if there were so many a second, on every architecture in use. */
const ticksPerSecond = 100;

/** The processor time of another process, where the system tells (Linux); otherwise undefined. */
export function processorTime(pid: number): ProcessorTime | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name before it may hold spaces and brackets. The state, `utime` and `stime` are fields 3, 14 and 15
    // of proc(5).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const waited = waitedSeconds(pid);
    return {
      used: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
      ...(waited !== undefined && { waited }),
      stopped: /^t$/i.test(fields[0] ?? ''),
    };
  } catch {
    return undefined;
  }
}

/** A kernel without these statistics has no such file, or only zeros in it. A thread may end while they are read. */
function waitedSeconds(pid: number): number | undefined {
  let nanoseconds = 0;
  let slices = 0;
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const [, waited, ran] = schedulingOf(`/proc/${pid}/task/${thread}`);
      nanoseconds += waited ?? 0;
      slices += ran ?? 0;
    }
  } catch {
    return undefined;
  }
  return slices === 0 ? undefined : nanoseconds / 1e9;
}

/** Nanoseconds on a core, nanoseconds waiting for one, and how often it got one; empty where that is not told. */
function schedulingOf(thread: string): number[] {
  try {
    return readFileSync(`${thread}/schedstat`, 'utf8').split(' ').map(Number);
  } catch {
    return [];
  }
}
