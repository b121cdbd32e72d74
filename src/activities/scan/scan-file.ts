import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '../../domain/artifact.ts';
import { InvalidRequest, UnreadableMedia } from '../../domain/errors.ts';
import type { ScanOptions } from '../../domain/kinds/scan.ts';
import type { ScanResult } from '../../kinds/scan/analysis/result.ts';
import { NothingLookedAt, scanTree } from '../../kinds/scan/analysis/scan-tree.ts';
import { extractedName } from '../../kinds/scan/answers/extracted.ts';
import type { ScanTasks } from '../../kinds/scan/child/tasks.ts';
import type { CachedScan } from '../../kinds/scan/tables/read-scan.ts';
import type { TaskPool } from '../../media/child-pool.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { inScratchFolder } from '../../system/scratch-folder.ts';
import type { ActivityLog } from '../activity-log.ts';
import type { JobOfSession } from '../job-reference.ts';
import type { FetchOriginal } from '../originals/fetch-original.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { writerFor } from '../write-artifact.ts';
import { assertSealable, childHands } from './child-hands.ts';
import { cacheKeyOf, mayBeRepeated } from './scan-cache.ts';
import type { ScanConfiguration } from './scan-settings.ts';

export interface ScanFileNeeds {
  store: Pick<ArtifactStore, 'put' | 'putStream' | 'get'>;
  fetchOriginal: FetchOriginal;
  pool: TaskPool<ScanTasks>;
  configuration: ScanConfiguration;
  /** Of all that can change an answer, the rules included as they are now. */
  version(): string;
  findCached(cacheKey: string, jobId: string): Promise<CachedScan | null>;
  scratch: string;
  /** Files that are looked at side by side. */
  atOnce: number;
  log: ActivityLog;
}

export interface FileToBeScanned extends JobOfSession {
  options: ScanOptions;
}

/** Keys and a summary, for the history and for whoever writes the rows. */
export interface WrittenScan {
  result: { key: string; sha256: string };
  source_sha256: string;
  cache_key: string;
  artifacts: Artifact[];
  summary: string;
}

/**
 * Looks at the original and at everything in it. The whole result is in S3 when it returns; no row claims it yet.
 * @throws UnreadableMedia when no stage could look at it; TooLarge when the file
 * to be extracted is; NotFound, StorageRefused, ObjectChanged
 */
export function makeScanFile(needs: ScanFileNeeds) {
  const { store, fetchOriginal, pool, configuration, version, findCached, scratch, atOnce, log } = needs;

  return async function scanFile(job: FileToBeScanned): Promise<WrittenScan> {
    const { job_id, session_id, options } = job;
    const name = job.file_name ?? 'file';
    return whileHeartbeating(async (signal, detail) => {
      const { path, sha256 } = await fetchOriginal(session_id, signal);
      const { put, putStream } = writerFor({ store, log }, job_id, 'scanning', signal);
      const clamav = await configuration.clamav.version();
      const cache_key = cacheKeyOf({
        ...{ sha256, name, clamav, configuration },
        version: version(),
        jobId: job_id,
      });
      const artifacts: Artifact[] = [];

      const scanNow = () =>
        inScratchFolder(scratch, 'scan', async (folder) => {
          let files = 0;
          const onFile = (at: string) => detail({ files: ++files, at });
          const hands = childHands({
            ...configuration,
            askClamav: async (file, until) => ({
              ...(await configuration.clamav.ask(file, until)),
              version: clamav ?? 'unknown',
            }),
            pool,
            folder,
            signal,
            onFile,
          });
          const { size } = await stat(path);
          const root = { key: path, name, path: name, size };
          if (options.extract === root.path) assertSealable(root, configuration.limits);
          const result = await scanTree(root, hands, configuration.limits, atOnce).catch(unreadable(name));
          if (options.extract !== undefined) {
            const sealed = join(folder, extractedName);
            if (!(await hands.seal(options.extract, sealed))) throw notInTree(options.extract, name);
            artifacts.push(await putStream(extractedName, () => createReadStream(sealed), 'application/zip'));
          }
          return result;
        });
      const fromCache = async (): Promise<CachedResult | undefined> => {
        if (options.ignore_cache || options.extract !== undefined) return undefined;
        const cached = await findCached(cache_key, job_id);
        if (!cached) return undefined;
        const result: ScanResult = JSON.parse(String(await store.get(cached.result_key)));
        return mayBeRepeated(result) ? { ...result, cached_from: cached.job_id } : undefined;
      };

      const result = (await fromCache()) ?? (await scanNow());
      const written = await put('result.json', JSON.stringify(result), 'application/json');
      return {
        result: { key: written.key, sha256: written.sha256 },
        source_sha256: sha256,
        cache_key,
        artifacts: [written, ...artifacts],
        summary: summaryOf(result),
      };
    });
  };
}

type CachedResult = ScanResult & { cached_from: string };

function unreadable(name: string) {
  return (error: unknown): never => {
    if (!(error instanceof NothingLookedAt)) throw error;
    throw new UnreadableMedia(
      `No stage could look at "${name}"; the first was "${error.stage}". ${error.message} Retry later, or ask an operator to look at the worker's log.`,
    );
  };
}

function notInTree(path: string, name: string): InvalidRequest {
  return new InvalidRequest(
    `No file of "${name}" has the path "${path}". Take one from the tree of its result.`,
    'options.extract',
  );
}

function summaryOf({ verdict, score, stages }: ScanResult): string {
  const strongest = stages
    .flatMap(({ findings }) => findings)
    .sort((one, other) => other.score - one.score)[0];
  return `${verdict}, score ${score}${strongest && strongest.score > 0 ? `: ${strongest.id}` : ''}`;
}
