import { artifactKey } from '../../domain/artifact.ts';
import { endsOf, followsOnly } from '../../kinds/technique/analysis/link-segments.ts';
import type { Look } from '../../kinds/technique/analysis/look.ts';
import type { LookTask } from '../../kinds/technique/child/look-task.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { type StoredLook, segmentName } from './deep-files.ts';
import type { TechniquePool } from './technique-needs.ts';

/** Somebody who is where the segment before left them is seen within this. */
const probe_s = 0.5;

/**
 * The first look at a segment, when a second one would end the same: it followed nobody else, and the person is not
 * where they are said to be, as after a cut. Half a second of video tells, instead of all of it; null when it
 * must be looked at again.
 */
export async function keepFirstLook(
  { store, pool }: { store: Pick<ArtifactStore, 'get'>; pool: TechniquePool },
  job: { job_id: string; n: number },
  told: LookTask & { span: { kind: 'segment' } },
  signal: AbortSignal,
): Promise<Look | null> {
  if (!told.seed) return null;
  const key = artifactKey(job.job_id, 'deep', segmentName(job.n, false));
  const { look }: StoredLook = JSON.parse((await store.get(key)).toString());
  if (!followsOnly(told.appearance ?? [], endsOf(look))) return null;
  const { start_s, end_s } = told.span;
  const span = { kind: 'segment', start_s, end_s: Math.min(end_s, start_s + probe_s) } as const;
  const { frames } = await pool.run({ ...told, span }, { signal });
  return frames.some(({ keypoints }) => keypoints !== null) ? null : look;
}
