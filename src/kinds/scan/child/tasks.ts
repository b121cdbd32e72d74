import type { TaskHandlers } from '../../../media/child/task-table.ts';
import type { FileLook } from '../analysis/scan-tree.ts';
import { type LookTask, look } from './look.ts';
import { type SealTask, seal } from './seal.ts';
import { type UnpackResult, type UnpackTask, unpack } from './unpack.ts';

/** What a child process can do for a scan. */
export interface ScanTasks {
  scanLook: { task: LookTask; result: FileLook; progress: never };
  scanSeal: { task: SealTask; result: { bytes: number }; progress: never };
  scanUnpack: { task: UnpackTask; result: UnpackResult; progress: never };
}

export { prepare } from './look.ts';

export const tasks: TaskHandlers<ScanTasks> = { scanLook: look, scanSeal: seal, scanUnpack: unpack };
