import { readdirSync, readFileSync } from 'node:fs';

const SAMPLE_MS = 100;

/** Largest memory of a process and all it started, sampled until `stop`. Linux only. */
export function watchMemory(root: number): { stop(): { peakMb: number } } {
  let peakMb = 0;
  const sample = () => {
    const total = familyOf(root).reduce((sum, pid) => sum + proportionalMb(pid), 0);
    peakMb = Math.max(peakMb, total);
  };
  sample();
  const timer = setInterval(sample, SAMPLE_MS);
  return {
    stop() {
      clearInterval(timer);
      return { peakMb };
    },
  };
}

function familyOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(Number(name));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const family = [root];
  for (const pid of family) family.push(...(children.get(pid) ?? []));
  return family;
}

function parentOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The name in parentheses may hold spaces; the fields after it do not (proc(5)).
  const parent = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  return parent === undefined ? undefined : Number(parent);
}

/** Proportional set size: pages shared between the children count once. */
function proportionalMb(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1];
  return Number(kilobytes ?? 0) / 1024;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Ended meanwhile.
    return undefined;
  }
}
