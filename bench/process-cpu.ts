import { familyOf, statOf } from './process-family.ts';

/** `USER_HZ`, 100 on every Linux that Node.js runs on (times(7)). */
const TICKS_A_SECOND = 100;

/** CPU time a process and all it started have used so far, in seconds; of ended children too. */
export function cpuSeconds(root: number): number {
  const ticks = familyOf(root).map((pid) => {
    // utime, stime, cutime, cstime: fields 14 to 17 of proc(5).
    const fields = statOf(pid)?.slice(11, 15) ?? [];
    return fields.reduce((sum, field) => sum + Number(field), 0);
  });
  return ticks.reduce((sum, some) => sum + some, 0) / TICKS_A_SECOND;
}
