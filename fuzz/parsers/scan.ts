import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { withoutClamav } from '../../src/activities/scan/ask-clamav.ts';
import { childHands } from '../../src/activities/scan/child-hands.ts';
import { usualLimits } from '../../src/kinds/scan/analysis/limits.ts';
import { scanTree } from '../../src/kinds/scan/analysis/scan-tree.ts';
import { scanResult } from '../../src/kinds/scan/api/schemas.ts';
import { scanTasks } from '../../src/kinds/scan/child/task-module.ts';
import { openSandboxes, optionsOf } from '../../src/media/sandboxes.ts';
import { labelledSet } from '../../test/kinds/scan/support/labelled.ts';
import type { FuzzTarget } from './fuzz-parsers.ts';

/** Small, since what is looked for shows early. */
const limits = { ...usualLimits, children: 50, expanded_bytes: 32 * 1024 ** 2, stage_seconds: 10 };

export const scan: FuzzTarget = {
  async seeds() {
    const set = labelledSet();
    try {
      return set.files.map(({ name, path }) => ({ name, bytes: readFileSync(path) }));
    } finally {
      set.remove();
    }
  },
  async open(folder, atOnce) {
    const { sandbox, module } = scanTasks;
    const sandboxes = openSandboxes({ modules: [{ sandbox, module }], size: atOnce });
    const scratch = join(folder, 'scratch');
    mkdirSync(scratch);
    return {
      async show(path, name) {
        const into = mkdtempSync(join(scratch, 'scan-'));
        try {
          const hands = childHands({
            ...{ pool: sandboxes.pools[sandbox], folder: into, limits, passwords: [] },
            listed: () => undefined,
            askClamav: withoutClamav.ask,
            signal: new AbortController().signal,
            onFile() {},
          });
          const { size } = statSync(path);
          const result = await scanTree({ key: path, name, path: name, size }, hands, limits, 1);
          scanResult.parse(result);
          assertStorable(result);
          return [
            `verdict ${result.verdict}`,
            ...result.stages
              .filter(({ category }) => category === 'failure' || category === 'timeout')
              .map(
                ({ name: stage, category, reasons }) =>
                  `${stage} ${category} of what was ${name}: ${reasons[0]}`,
              ),
          ];
        } finally {
          rmSync(into, { recursive: true, force: true });
        }
      },
      pids: () => sandboxes.pids()[sandbox],
      childMb: optionsOf[sandbox].retireAboveMb,
      close: () => sandboxes.close(),
    };
  },
};

/** What a string may not hold for PostgreSQL to take it in `jsonb`, wherever in the result it stands. */
function assertStorable(result: object): void {
  JSON.stringify(result, (key, value: unknown) => {
    for (const text of [key, value])
      if (typeof text === 'string' && (text.includes('\0') || !text.isWellFormed()))
        throw new Error(`PostgreSQL would not store "${JSON.stringify(text).slice(0, 200)}" of ${key}`);
    return value;
  });
}
