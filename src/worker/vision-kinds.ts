import type { SandboxedModule } from '../media/sandboxes.ts';
import { kindsAtWork } from './kinds/index.ts';
import type { KindAtWork, VisionPart } from './kinds/kind-at-work.ts';

export type VisionKind = VisionPart & Pick<KindAtWork, 'tasks'>;

/** The kinds with activities on the vision queue. @throws Error when what one of them needs is not there */
export async function readyVisionKinds(settings: { modelsFolder: string }): Promise<VisionKind[]> {
  const ready: VisionKind[] = [];
  for (const { vision, tasks } of Object.values(kindsAtWork))
    if (vision) ready.push({ ...(await vision(settings)), tasks });
  return ready;
}

/** What the kinds' child processes import. */
export function taskModulesOf(kinds: readonly VisionKind[]): SandboxedModule[] {
  return kinds.flatMap(({ tasks, prepare }) => (tasks ? [{ ...tasks, prepare }] : []));
}
