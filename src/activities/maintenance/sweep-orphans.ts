import { uploadLifeHours } from '../../domain/upload-life.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityLog } from '../activity-log.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { collectFailedParts } from './failed-parts.ts';
import { folderOfOriginal } from './original-folder.ts';
import { collectRefusals } from './refusals.ts';
import type { Sweep } from './sweep.ts';
import { type JobSweepNeeds, makeSweepJobObjects } from './sweep-job-objects.ts';
import { type LastingSweepNeeds, makeSweepLasting } from './sweep-lasting.ts';
import { makeSweepOriginals, type OriginalSweepNeeds } from './sweep-originals.ts';
import { makeSweepUnclaimed, type UnclaimedSweepNeeds } from './sweep-unclaimed.ts';

export interface SweepNeeds
  extends JobSweepNeeds,
    OriginalSweepNeeds,
    UnclaimedSweepNeeds,
    LastingSweepNeeds {
  store: JobSweepNeeds['store'] & Pick<ArtifactStore, 'deletePrefix' | 'abortUnfinished'>;
  abandonedUploads(olderThanHours: number): Promise<{ id: string; key: string }[]>;
  /** False when the upload was claimed meanwhile. */
  forgetUpload(id: string): Promise<boolean>;
  log: ActivityLog;
}

export interface SweepInput {
  grace_hours: number;
  /** For uploads and their parts; unless told the grace, and never less than an upload may live. */
  upload_grace_hours?: number;
}

export interface Swept {
  /** Objects of jobs and originals that no row claims. */
  objects: number;
  /** Uploads nobody finished or used. */
  uploads: number;
  /** Uploads in parts that a killed process left in S3, which no listing shows. */
  parts: number;
}

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);

/**
 * Removes what no row claims and is older than the grace, which is longer than any write takes from object to row:
 * objects of jobs that are gone, what ended jobs wrote and never claimed, originals without a session, uploads nobody
 * finished or used, and what kinds keep beyond their jobs. What S3 refuses, and what fails otherwise, is logged and left,
 * and fails the sweep after everything else was swept.
 */
export function makeSweepOrphans(needs: SweepNeeds) {
  const { kinds, store, abandonedUploads, forgetUpload, log } = needs;
  const sweepJobObjects = makeSweepJobObjects(needs);
  const sweepUnclaimed = makeSweepUnclaimed(needs);
  const sweepOriginals = makeSweepOriginals(needs);
  const sweepLasting = makeSweepLasting(needs);
  /** Everything else in the bucket is somebody else's. */
  const ours = ['originals/', 'jobs/', ...kinds.all.flatMap(({ lastingPrefixes = [] }) => lastingPrefixes)];

  /**
   * First the row, so that a job which claims the upload at this moment keeps its file. What is refused, or interrupted
   * here, has no row any more and is found among the originals.
   */
  async function sweepUploads(graceHours: number, { signal, refusals }: Sweep): Promise<number> {
    let removed = 0;
    for (
      let found = await abandonedUploads(graceHours);
      found.length > 0;
      found = await abandonedUploads(graceHours)
    ) {
      let taken = 0;
      for (const { id, key } of found) {
        signal.throwIfAborted();
        if (!(await forgetUpload(id))) continue;
        await refusals.unlessRefused(() => store.deletePrefix(folderOfOriginal(key)));
        taken++;
      }
      removed += taken;
      if (taken === 0) break;
    }
    return removed;
  }

  async function sweepParts(before: Date, { signal, refusals, failedParts }: Sweep): Promise<number> {
    let aborted = 0;
    for (const prefix of ours) {
      signal.throwIfAborted();
      const gone = await failedParts.unlessFailed({ sweep: 'parts', prefix }, () =>
        refusals.unlessRefused(() => store.abortUnfinished(prefix, { before, onRefused: refusals.add })),
      );
      aborted += gone ?? 0;
    }
    return aborted;
  }

  return async function sweepOrphans({ grace_hours, upload_grace_hours }: SweepInput): Promise<Swept> {
    return whileHeartbeating(async (signal) => {
      const before = hoursAgo(grace_hours);
      const uploadHours = upload_grace_hours ?? Math.max(grace_hours, uploadLifeHours);
      const refusals = collectRefusals(log);
      const isOld: Sweep['isOld'] = ({ last_modified }) => last_modified < before;
      const failedParts = collectFailedParts(log);
      const sweep: Sweep = { isOld, graceHours: grace_hours, signal, refusals, failedParts };
      const swept = { objects: 0, uploads: 0, parts: 0 };
      const count = async (what: keyof Swept, work: () => Promise<number>) => {
        swept[what] +=
          (await failedParts.unlessFailed({ sweep: what }, () => refusals.unlessRefused(work))) ?? 0;
      };
      await count('uploads', () => sweepUploads(uploadHours, sweep));
      for (const sweepOf of [sweepJobObjects, sweepUnclaimed, sweepOriginals, sweepLasting])
        await count('objects', () => sweepOf(sweep));
      await count('parts', () => sweepParts(hoursAgo(uploadHours), sweep));
      if (swept.uploads + swept.objects + swept.parts > 0) log.info(swept, 'Swept what no row claims');
      failedParts.throwIfAny();
      refusals.throwIfAny();
      return swept;
    });
  };
}
