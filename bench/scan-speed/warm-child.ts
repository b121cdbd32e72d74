import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutClamav } from '../../src/activities/scan/ask-clamav.ts';
import { childHands } from '../../src/activities/scan/child-hands.ts';
import { type ScanLimits, usualLimits } from '../../src/kinds/scan/analysis/limits.ts';
import type { ScanResult } from '../../src/kinds/scan/analysis/result.ts';
import { scanTree } from '../../src/kinds/scan/analysis/scan-tree.ts';
import { scanTasks } from '../../src/kinds/scan/child/task-module.ts';
import { residentBytes } from '../../src/media/child/resident-bytes.ts';
import { openSandboxes } from '../../src/media/sandboxes.ts';
import { zipOf } from '../../test/kinds/scan/support/zip.ts';

const SAMPLE_MS = 10;

export interface WarmChild {
  /** What a worker's activity does with a file, without Temporal, S3 and PostgreSQL. */
  scan(path: string, name: string, limits?: Partial<ScanLimits>): Promise<ScanResult>;
  /** The highest resident memory of a child since the last call, MiB; sampled, since one that has too much is replaced. */
  peakMb(): number;
}

/** One child of the small sandbox that has seen a text and an archive, as a worker with one slot has it. */
export async function withWarmChild<T>(scratch: string, use: (child: WarmChild) => Promise<T>): Promise<T> {
  const { sandbox, module } = scanTasks;
  const sandboxes = openSandboxes({ modules: [{ sandbox, module }], size: 1 });
  const child: WarmChild = {
    async scan(path, name, changed = {}) {
      const limits = { ...usualLimits, ...changed };
      const folder = mkdtempSync(join(scratch, 'scan-'));
      try {
        const hands = childHands({
          ...{ pool: sandboxes.pools[sandbox], folder, limits, passwords: [] },
          listed: () => undefined,
          askClamav: withoutClamav.ask,
          signal: new AbortController().signal,
          onFile() {},
        });
        return await scanTree({ key: path, name, path: name, size: statSync(path).size }, hands, limits, 1);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    peakMb() {
      sample();
      const found = highest;
      highest = 0;
      return found;
    },
  };
  let highest = 0;
  const sample = () => {
    for (const pid of sandboxes.pids()[sandbox]) highest = Math.max(highest, residentBytes(pid) / 1024 ** 2);
  };
  const timer = setInterval(sample, SAMPLE_MS);
  try {
    const path = join(scratch, 'warm.zip');
    writeFileSync(path, zipOf([{ name: 'a.txt', bytes: 'one\n' }]));
    await child.scan(path, 'warm.zip');
    highest = 0;
    return await use(child);
  } finally {
    clearInterval(timer);
    await sandboxes.close();
  }
}
