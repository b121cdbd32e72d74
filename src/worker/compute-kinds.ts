import type { SandboxedModule } from '../media/sandboxes.ts';
import type { ComputePart, KindAtWork, KindsAtWork, LivePart, StartSettings } from './kind-at-work.ts';

export type ComputeKind = ComputePart & Pick<KindAtWork, 'tasks'>;

/** The kinds with activities on the compute queue. @throws Error when what one of them needs is not there */
export async function readyComputeKinds(kinds: KindsAtWork, settings: StartSettings): Promise<ComputeKind[]> {
  const ready: ComputeKind[] = [];
  for (const { compute, tasks } of Object.values(kinds))
    if (compute) ready.push({ ...(await compute(settings)), tasks });
  return ready;
}

export type LiveKind = LivePart & Pick<KindAtWork, 'tasks'>;

/** The kinds with activities on the live queue. @throws Error when what one of them needs is not there */
export async function readyLiveKinds(kinds: KindsAtWork, settings: StartSettings): Promise<LiveKind[]> {
  const ready: LiveKind[] = [];
  for (const { live, tasks } of Object.values(kinds))
    if (live) ready.push({ ...(await live(settings)), tasks });
  return ready;
}

/** What the kinds' child processes import. */
export function taskModulesOf(kinds: readonly ComputeKind[]): SandboxedModule[] {
  return kinds.flatMap(({ tasks, prepare }) => (tasks ? [{ ...tasks, prepare }] : []));
}
