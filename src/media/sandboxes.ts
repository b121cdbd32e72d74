import type { ModuleToServe } from './child/task-module.ts';
import { type ChildPool, type ChildPoolOptions, openChildPool, type TaskPool } from './child-pool.ts';

/**
 * What the child processes of a kind are made for. `media` decodes videos and photographs and runs models. `small` opens
 * hostile bytes that need little memory: no FFmpeg and no ONNX Runtime is loaded into it.
 */
export type Sandbox = 'media' | 'small';

/** A kind's tasks and the sandbox they run in. Only child processes of that sandbox import the module. */
export interface SandboxedModule extends ModuleToServe {
  sandbox: Sandbox;
}

type SandboxOptions = Pick<ChildPoolOptions, 'heapMb' | 'retireAboveMb' | 'starts' | 'limits'>;

/**
 * Between tasks a media child has up to 900 MiB, models and OpenCV included, and up to 2.7 GiB while it opens the largest
 * AVIF (`docs/performance.md`). A small child begins with 75 MiB;
 * small ones start with the first task, since many workers never open such files.
 */
export const optionsOf = {
  media: { heapMb: 512, retireAboveMb: 1536, limits: { memoryMb: 3072 } },
  small: { heapMb: 256, retireAboveMb: 256, starts: 'with the first task', limits: { memoryMb: 512 } },
} as const satisfies Readonly<Record<Sandbox, SandboxOptions>>;

// biome-ignore lint/suspicious/noExplicitAny: each kind has a table of its own, which its wiring names.
export type Pools = Readonly<Record<Sandbox, TaskPool<any>>>;

export interface Sandboxes {
  pools: Pools;
  /** The process ids of the children that are alive now, by sandbox. */
  pids(): Record<Sandbox, number[]>;
  close(): Promise<void>;
}

/** Opens a pool of child processes for each sandbox. One that no module is for starts no process. */
export function openSandboxes({
  modules,
  ...options
}: {
  modules: readonly SandboxedModule[];
} & Pick<ChildPoolOptions, 'size' | 'onRetry' | 'starts'>): Sandboxes {
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  const open = (sandbox: Sandbox): ChildPool<any> =>
    openChildPool({
      ...optionsOf[sandbox],
      ...options,
      modules: modules.filter((module) => module.sandbox === sandbox),
    });
  const pools = { media: open('media'), small: open('small') };
  return {
    pools,
    pids: () => ({ media: pools.media.pids(), small: pools.small.pids() }),
    async close() {
      await Promise.all([pools.media.close(), pools.small.close()]);
    },
  };
}
