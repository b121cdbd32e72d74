import { readFile } from 'node:fs/promises';
import { type Artifact, artifactKey } from '../../domain/artifact.ts';
import { ObjectMissing } from '../../domain/errors.ts';
import { labelsFile } from '../../kinds/mri/child/conformed-head.ts';
import type { ModelProgress, QuickResult } from '../../kinds/mri/child/look-tasks.ts';
import { inScratchFolder } from '../../system/scratch-folder.ts';
import type { JobOfSession } from '../job-reference.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { writerFor } from '../write-artifact.ts';
import { madeWith } from './made-with.ts';
import type { MriNeeds } from './mri-needs.ts';
import { segmentingProgress } from './segmenting-progress.ts';

/** For the history. */
export interface QuickSummary {
  brain_ml: number;
  sha256: string;
}

const quickName = 'quick.json';
const labelsName = 'quick.labels.nii.gz';

interface SeenQuickly {
  look: QuickResult;
  labels: Artifact;
  written: Artifact;
  /** How long it took; not known of an earlier run. */
  seconds?: number;
}

/**
 * Is it a head in T1, where is its brain, and roughly how much of it? The first result can be read when it returns.
 * @throws UnsupportedMedia where it is no head in T1
 */
export function makeLookQuickly(needs: MriNeeds) {
  const { store, fetchOriginal, pool, models, scratch, threads, persistResult } = needs;

  return (job: JobOfSession): Promise<QuickSummary> =>
    whileHeartbeating(async (signal, detail) => {
      const { job_id, session_id, file_name: fileName } = job;
      const { path, sha256: source } = await fetchOriginal(session_id, signal);
      const made = madeWith(needs, source, 'quick');
      const before = await store.head(artifactKey(job_id, 'segmenting', quickName));
      const seen =
        before?.metadata['made-with'] === made
          ? await keptLook(job_id)
          : await lookAnew(job_id, { path, fileName }, made, signal, detail);
      const { look, labels, written, seconds } = seen;
      // Also where the look was kept: the run that kept it may have been stopped before its row was written.
      await persistResult(
        job,
        'quick',
        {
          segmentation_result_key: labels.key,
          confidence_scores: null,
          processing_metrics: {
            ...{ rough: look.rough, voxels: look.voxels },
            ...(seconds !== undefined && { seconds: { quick: seconds } }),
          },
        },
        [labels, written],
      );
      await segmentingProgress(needs, job, 'quick').done();
      return { brain_ml: look.rough.brain_ml, sha256: written.sha256 };
    });

  function lookAnew(
    jobId: string,
    scan: { path: string; fileName: string },
    made: string,
    signal: AbortSignal,
    detail: (progress: ModelProgress) => void,
  ): Promise<SeenQuickly> {
    return inScratchFolder(scratch, 'mri', async (folder) => {
      const began = performance.now();
      const look = await pool.run(
        { task: 'mriQuick', ...scan, model: models.quick, threads, folder },
        { signal, onProgress: detail },
      );
      const writer = writerFor(needs, jobId, 'segmenting', signal);
      const seen = await readFile(labelsFile(folder, 'quick'));
      const labels = await writer.put(labelsName, seen, 'application/gzip');
      const written = await writer.put(quickName, JSON.stringify(look), 'application/json', {
        'made-with': made,
      });
      return { look, labels, written, seconds: Math.round((performance.now() - began) / 10) / 100 };
    });
  }

  async function keptLook(jobId: string): Promise<SeenQuickly> {
    return {
      look: await readQuick(store, jobId),
      labels: await keptArtifact(jobId, labelsName),
      written: await keptArtifact(jobId, quickName),
    };
  }

  /** @throws ObjectMissing */
  async function keptArtifact(jobId: string, name: string): Promise<Artifact> {
    const key = artifactKey(jobId, 'segmenting', name);
    const head = await store.head(key);
    if (!head?.sha256) throw new ObjectMissing(key);
    const { media_type, bytes, sha256 } = head;
    return { pass: 'segmenting', name, key, media_type, bytes, sha256 };
  }
}

/** What the quick look found. @throws ObjectMissing */
export async function readQuick(store: Pick<MriNeeds['store'], 'get'>, jobId: string): Promise<QuickResult> {
  return JSON.parse((await store.get(artifactKey(jobId, 'segmenting', quickName))).toString()) as QuickResult;
}
