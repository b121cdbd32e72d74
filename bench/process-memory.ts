import { familyOf, readProc } from './process-family.ts';

const SAMPLE_MS = 100;

/** Largest memory of a process and all it started, sampled until `stop`. */
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

/** Proportional set size: pages shared between the children count once. */
function proportionalMb(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+)/m.exec(readProc(`/proc/${pid}/smaps_rollup`) ?? '')?.[1];
  return Number(kilobytes ?? 0) / 1024;
}
