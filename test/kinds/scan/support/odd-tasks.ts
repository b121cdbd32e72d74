import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { FileStage } from '../../../../src/kinds/scan/analysis/result.ts';
import type { StageName } from '../../../../src/kinds/scan/analysis/stage.ts';
import type { ScanTasks } from '../../../../src/kinds/scan/child/tasks.ts';
import type { TaskHandlers } from '../../../../src/media/child/task-table.ts';

const stages: readonly StageName[] = ['hashes', 'type', 'yara', 'facts'];

const row = (name: StageName): FileStage => ({
  ...{ name, category: 'undetected', score: 0, findings: [], elapsed_ms: 1, version: '1', reasons: [] },
});

/** As `childHands` calls the folder of the first container. */
const firstFolder = '1';

/** What a file's name asks for happens in the stage `yara`, as if a rule or a parser did it. */
async function befalls(name: string): Promise<void> {
  if (name === 'loops') for (;;);
  if (name === 'ends') process.exit(3);
  if (name === 'crashes') process.kill(process.pid, 'SIGSEGV');
  if (name === 'grows') for (const kept: Uint8Array[] = []; ; ) kept.push(new Uint8Array(2 ** 24).fill(1));
}

export const tasks: TaskHandlers<ScanTasks> = {
  async scanLook({ name, only = stages }) {
    if (only.includes('yara')) await befalls(name);
    return {
      type: 'zip',
      mediaType: 'application/zip',
      sha256: null,
      stages: stages.filter((stage) => only.includes(stage)).map(row),
      opens: true,
    };
  },
  async scanUnpack({ name, folder }) {
    if (name !== 'harmless') writeFileSync(join(folder, '1'), 'what came out');
    // Of the first folder that it is given; the second is another.
    if (name === 'is killed once' && basename(folder) === firstFolder) process.kill(process.pid, 'SIGKILL');
    await befalls(name);
    return { stage: { ...row('hashes'), name: 'unpack' }, children: [], expanded: 0, limits: [], notes: [] };
  },
  scanSeal: async () => ({ bytes: 0 }),
};
