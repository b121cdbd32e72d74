import { artifactKey } from '../../domain/artifact.ts';
import type { TechniqueOptions } from '../../domain/kinds/technique.ts';
import { endsOf } from '../../kinds/technique/analysis/link-segments.ts';
import type { Box } from '../../kinds/technique/analysis/look.ts';
import type { Segment } from '../../kinds/technique/analysis/plan-deep.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { JobOfSession, ProgressShare } from '../job-reference.ts';
import { progressReporter } from '../progress-reporter.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { writerFor } from '../write-artifact.ts';
import { linkName, readPlan, type StoredEnds, type StoredLook, segmentName } from './deep-files.ts';
import { keepFirstLook } from './keep-first-look.ts';
import { fingerprintOf } from './made-with.ts';
import { prepareToMeasure } from './measure-in-thread.ts';
import { seedOf } from './person-box.ts';
import { readQuickAppearance } from './quick-person.ts';
import { provenanceOf, type TechniqueNeeds } from './technique-needs.ts';

export type SegmentJob = JobOfSession & {
  options: TechniqueOptions;
  segment: Segment;
  frames_total: number;
  share: ProgressShare;
  /** Set when the segment is looked at again. */
  told?: WhomToFollow;
};

interface WhomToFollow {
  /** Where they are in the first frame, display pixels; null: known by appearance alone. */
  seed: Box | null;
  /** Empty: not known. */
  appearance: readonly number[];
}

export interface LookedAt {
  n: number;
  key: string;
  /** The checkpoint's SHA-256, lower-case hex; null where its object has none; absent in histories of earlier versions. */
  sha256?: string | null;
  /** True when an earlier look's checkpoint was there and nothing had to be done. */
  from_checkpoint: boolean;
}

/** Every frame of one segment. Its artifact is its checkpoint: what is done is not done again. */
export function makeLookAtSegment(needs: TechniqueNeeds) {
  const { store, fetchOriginal, pool, models, limits, recordProgress, log } = needs;
  return async function lookAtSegment(job: SegmentJob): Promise<LookedAt> {
    const { job_id, attempt, session_id, file_name: fileName, segment, told, frames_total, share } = job;
    return whileHeartbeating(async (signal, detail) => {
      const { path, sha256 } = await fetchOriginal(session_id, signal);
      const { seed, appearance } = told ?? (await whomToFollow(store, job));
      const name = segmentName(segment.n, told !== undefined);
      const key = artifactKey(job_id, 'deep', name);
      const provenance = provenanceOf(needs, sha256, { segment, seed, appearance });
      const madeWith = fingerprintOf(provenance);
      const progress = { job_id, attempt, pass: 'deep', part: segment.n, total: frames_total, ...share };
      const done = async (checkpoint: string | null, from_checkpoint: boolean): Promise<LookedAt> => {
        await recordProgress({ ...progress, done: segment.frames }).catch(() => {});
        return { n: segment.n, key, sha256: checkpoint, from_checkpoint };
      };
      const before = await store.head(key);
      if (before?.metadata['made-with'] === madeWith) {
        log.info({ job_id, attempt, segment: segment.n }, 'Segment was looked at before');
        return done(before.sha256, true);
      }
      log.info({ job_id, attempt, segment: segment.n, frames: segment.frames }, 'Looking at segment');
      prepareToMeasure();
      const report = progressReporter(recordProgress, progress);
      const task = {
        task: 'look',
        path,
        fileName,
        limits,
        span: { kind: 'segment', start_s: segment.start_s, end_s: segment.end_s },
        seed,
        appearance,
        models,
      } as const;
      const look =
        (told && (await keepFirstLook(needs, { job_id, n: segment.n }, task, signal))) ??
        (await pool.run(task, {
          signal,
          onProgress({ frames_done }) {
            detail({ segment: segment.n, frames_done });
            report(frames_done);
          },
        }));
      const { software, models: used } = provenance;
      const stored: StoredLook = { segment, look, made_by: { software, models: used } };
      const ends: StoredEnds = { n: segment.n, ends: endsOf(look) };
      const writer = writerFor(needs, job_id, 'deep', signal);
      const json = 'application/json';
      // The checkpoint last: where it is, its ends are. A crash between the two costs a second look, which writes both.
      await writer.put(linkName(segment.n, told !== undefined), JSON.stringify(ends), json);
      const checkpoint = await writer.put(name, JSON.stringify(stored), json, { 'made-with': madeWith });
      return done(checkpoint.sha256, false);
    });
  };
}

/**
 * Where the user's box is, the box alone tells: it need not fit closely. Everywhere else it is who the quick look
 * followed, or else a segment that begins with somebody else in view would follow them.
 */
async function whomToFollow(
  store: ArtifactStore,
  { job_id, options, segment }: SegmentJob,
): Promise<WhomToFollow> {
  if (segment.n === 0 && options.person) {
    return { seed: seedOf(options.person, (await readPlan(store, job_id)).index), appearance: [] };
  }
  return { seed: null, appearance: await readQuickAppearance(store, job_id) };
}
