import { artifactKey } from '../../domain/artifact.ts';
import type { Provenance } from '../../domain/provenance.ts';
import type { LookEnds } from '../../kinds/technique/analysis/link-segments.ts';
import type { Look } from '../../kinds/technique/analysis/look.ts';
import type { Segment } from '../../kinds/technique/analysis/plan-deep.ts';
import type { VideoIndex } from '../../media/video/video-index.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { readWritten, readWrittenBytes } from '../read-written.ts';

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
  /** Absent in checkpoints from before it was told. */
  made_by?: MadeBy;
}

/** Workers of one job may be of different versions: while a new one is rolled out, say. */
export type MadeBy = Pick<Provenance, 'software' | 'models'>;

export const planName = 'index.json';

/** What linking needs of a segment's look, beside its checkpoint. */
export interface StoredEnds {
  n: number;
  ends: LookEnds;
}

/** `segment-0007.json`; after a re-look `segment-0007.r1.json`. */
export function segmentName(n: number, relooked: boolean): string {
  return numbered('segment', n, relooked);
}

/** `link-0007.json`; after a re-look `link-0007.r1.json`. Named apart, so that listing `segment-` gives the checkpoints. */
export function linkName(n: number, relooked: boolean): string {
  return numbered('link', n, relooked);
}

function numbered(what: string, n: number, relooked: boolean): string {
  return `${what}-${String(n).padStart(4, '0')}${relooked ? '.r1' : ''}.json`;
}

/**
 * @param sha256 of the plan that is meant, where its segments matter: a worker that was taken for dead may have written
 *   another one over it
 * @throws ObjectMissing, ObjectChanged
 */
export async function readPlan(
  store: Pick<ArtifactStore, 'get'>,
  jobId: string,
  sha256?: string,
): Promise<DeepPlan> {
  return readWritten(store, { key: artifactKey(jobId, 'deep', planName), sha256 });
}

/** Files read ahead of the one that is waited for: S3 answers in some milliseconds. */
const ahead = 4;

/**
 * One file of each segment, in order, as they lie in S3; few of them are held at a time.
 * @param sha256Of what each has to be; undefined: whatever lies there
 * @throws ObjectMissing, ObjectChanged
 */
export async function* readSegments(
  store: Pick<ArtifactStore, 'get'>,
  jobId: string,
  segments: number,
  nameOf: (n: number) => string,
  sha256Of: (n: number) => string | undefined = () => undefined,
): AsyncGenerator<Buffer> {
  const coming: Promise<Buffer>[] = [];
  for (let n = 0; n < segments || coming.length > 0; n++) {
    if (n < segments) {
      const key = artifactKey(jobId, 'deep', nameOf(n));
      const reading = readWrittenBytes(store, { key, sha256: sha256Of(n) });
      // Whoever waits for it hears of a failure; until then, or when nobody does any more, it is no unhandled one.
      reading.catch(() => {});
      coming.push(reading);
    }
    if (coming.length > ahead || n >= segments - 1) yield await (coming.shift() as Promise<Buffer>);
  }
}
