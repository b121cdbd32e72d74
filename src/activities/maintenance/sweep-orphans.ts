import type { Upload } from '../../database/find-upload.ts';
import { Conflict } from '../../domain/errors.ts';
import type { ArtifactStore, ListedObject } from '../../storage/artifact-store.ts';
import type { ActivityLog } from '../activity-log.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { folderOfOriginal, uploadIdOf } from './original-folder.ts';

export interface SweepNeeds {
  store: Pick<ArtifactStore, 'list' | 'listPrefixes' | 'deleteKeys' | 'deletePrefix' | 'abortUnfinished'>;
  whichJobsExist(ids: readonly string[]): Promise<Set<string>>;
  whichOriginalsExist(keys: readonly string[]): Promise<Set<string>>;
  findUpload(id: string): Promise<Upload | null>;
  abandonedUploads(olderThanHours: number): Promise<{ id: string; key: string }[]>;
  /** False when the upload was claimed meanwhile. */
  forgetUpload(id: string): Promise<boolean>;
  log: ActivityLog;
}

export interface Swept {
  /** Objects of jobs and originals that no row claims. */
  objects: number;
  /** Uploads nobody finished or used. */
  uploads: number;
  /** Uploads in parts that a killed process left in S3, which no listing shows. */
  parts: number;
}

const batch = 500;
/** So many are swept without asking whether this is the right database. */
const fewOrphans = 100;

type IsOld = (object: ListedObject) => boolean;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Removes what no row claims and is older than the grace, which is longer than any write takes from object to row:
 * objects of jobs that are gone, originals without a session, uploads nobody finished or used.
 */
export function makeSweepOrphans(needs: SweepNeeds) {
  const { store, whichJobsExist, whichOriginalsExist, findUpload, abandonedUploads, forgetUpload, log } =
    needs;

  async function sweepJobs(isOld: IsOld, signal: AbortSignal): Promise<number> {
    const orphans: string[] = [];
    let claimed = 0;
    for await (const prefixes of inBatches(store.listPrefixes('jobs/', '/'))) {
      const idOf = (prefix: string) => prefix.split('/')[1] ?? '';
      const there = await whichJobsExist(prefixes.map(idOf).filter((id) => uuid.test(id)));
      orphans.push(...prefixes.filter((prefix) => !there.has(idOf(prefix))));
      claimed += there.size;
    }
    refuseWrongDatabase(orphans.length, claimed, 'jobs');
    let removed = 0;
    for (const prefix of orphans) {
      for await (const objects of inBatches(store.list(prefix))) {
        signal.throwIfAborted();
        removed += await remove(objects.filter(isOld).map(({ key }) => key));
      }
    }
    return removed;
  }

  async function sweepOriginals(isOld: IsOld, signal: AbortSignal): Promise<number> {
    const orphans: string[] = [];
    let kept = 0;
    for await (const objects of inBatches(store.list('originals/'))) {
      signal.throwIfAborted();
      const old = objects.filter(isOld).map(({ key }) => key);
      const claimed = await whichOriginalsExist(old);
      kept += claimed.size;
      for (const key of old) if (!claimed.has(key) && !(await isOfUnfinishedUpload(key))) orphans.push(key);
    }
    refuseWrongDatabase(orphans.length, kept, 'originals');
    return remove(orphans);
  }

  async function remove(keys: string[]): Promise<number> {
    await store.deleteKeys(keys);
    return keys.length;
  }

  /** The tus protocol keeps `<key>.info` and `<key>.part` until the last byte has come. */
  async function isOfUnfinishedUpload(key: string): Promise<boolean> {
    const id = uploadIdOf(key);
    if (!id || !uuid.test(id) || !/\.(info|part)$/.test(key)) return false;
    const upload = await findUpload(id);
    return upload !== null && !upload.completed_at;
  }

  /** First the row, so that a job which claims the upload at this moment keeps its file. */
  async function sweepUploads(graceHours: number, signal: AbortSignal): Promise<number> {
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
        await store.deletePrefix(folderOfOriginal(key));
        taken++;
      }
      removed += taken;
      if (taken === 0) break;
    }
    return removed;
  }

  return async function sweepOrphans({ grace_hours }: { grace_hours: number }): Promise<Swept> {
    return whileHeartbeating(async (signal) => {
      const before = new Date(Date.now() - grace_hours * 3_600_000);
      const isOld: IsOld = ({ last_modified }) => last_modified < before;
      const uploads = await sweepUploads(grace_hours, signal);
      const objects = (await sweepJobs(isOld, signal)) + (await sweepOriginals(isOld, signal));
      const parts = await store.abortUnfinished(before);
      const swept = { objects, uploads, parts };
      if (uploads + objects + parts > 0) log.info(swept, 'Swept what no row claims');
      return swept;
    });
  };
}

/** Orphans are rare: deletions remove their own objects. Many of them mean another database than the bucket's. */
function refuseWrongDatabase(orphans: number, claimed: number, what: string): void {
  if (orphans <= fewOrphans || orphans <= claimed) return;
  throw new Conflict(
    `Nothing was swept: of ${orphans + claimed} ${what} in the bucket the database knows only ${claimed}. If it is the right database, remove the others by hand.`,
  );
}

async function* inBatches<T>(items: AsyncIterable<T>): AsyncIterable<T[]> {
  let some: T[] = [];
  for await (const item of items) {
    some.push(item);
    if (some.length < batch) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
