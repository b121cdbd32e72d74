import type { Look } from '../../analysis/technique/look.ts';
import type { Segment } from '../../analysis/technique/plan-deep.ts';
import { artifactKey } from '../../domain/artifact.ts';
import type { VideoIndex } from '../../media/video/video-index.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

/** `deep/index.json`: what the deep pass was planned from. */
export interface DeepPlan {
  source_sha256: string;
  index: VideoIndex;
  segments: Segment[];
  /** About so many frames a segment was asked for. */
  segment_frames: number;
}

/** A segment's checkpoint. */
export interface StoredLook {
  segment: Segment;
  look: Look;
}

export const planName = 'index.json';

/** `segment-0007.json`; after a re-look `segment-0007.r1.json`. */
export function segmentName(n: number, relooked: boolean): string {
  return `segment-${String(n).padStart(4, '0')}${relooked ? '.r1' : ''}.json`;
}

export async function readPlan(store: ArtifactStore, jobId: string): Promise<DeepPlan> {
  return JSON.parse((await store.get(artifactKey(jobId, 'deep', planName))).toString());
}

/** The checkpoints of all segments, in order, several read at once; `keep` says what is kept of each. */
export async function readSegments<T>(
  store: ArtifactStore,
  jobId: string,
  segments: number,
  relooked: readonly number[],
  keep: (file: Buffer) => T,
): Promise<T[]> {
  const kept: T[] = new Array(segments);
  let next = 0;
  const reader = async () => {
    for (let n = next++; n < segments; n = next++) {
      kept[n] = keep(await store.get(artifactKey(jobId, 'deep', segmentName(n, relooked.includes(n)))));
    }
  };
  await Promise.all(Array.from({ length: Math.min(8, segments) }, reader));
  return kept;
}
