import { readFile } from 'node:fs/promises';
import { type Artifact, artifactKey } from '../../domain/artifact.ts';
import { ObjectMissing } from '../../domain/errors.ts';
import { labelsFile } from '../../kinds/mri/child/conformed-head.ts';
import type { QuickResult } from '../../kinds/mri/child/look-tasks.ts';
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

export const quickName = 'quick.json';
const labelsName = 'quick.labels.nii.gz';

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
      const key = artifactKey(job_id, 'segmenting', quickName);
      const before = await store.head(key);
      const progress = segmentingProgress(needs, job, 'quick');
      const summaryOf = async (look: QuickResult, artifacts: readonly Artifact[], seconds?: number) => {
        const [labels, written] = artifacts as [Artifact, Artifact];
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
          artifacts,
        );
        await progress.done();
        return { brain_ml: look.rough.brain_ml, sha256: written.sha256 };
      };
      if (before?.metadata['made-with'] === made) {
        // Kept by an earlier run, which may have stopped before its row was written.
        const look = JSON.parse((await store.get(key)).toString()) as QuickResult;
        const kept = await Promise.all([labelsName, quickName].map((name) => keptArtifact(job_id, name)));
        return summaryOf(look, kept);
      }
      return inScratchFolder(scratch, 'mri', async (folder) => {
        const began = performance.now();
        const look = await pool.run(
          { task: 'mriQuick', path, fileName, model: models.quick, threads, folder },
          { signal, onProgress: (at) => detail(at) },
        );
        const writer = writerFor(needs, job_id, 'segmenting', signal);
        const seen = await readFile(labelsFile(folder, 'quick'));
        const labels = await writer.put(labelsName, seen, 'application/gzip');
        const written = await writer.put(quickName, JSON.stringify(look), 'application/json', {
          'made-with': made,
        });
        const seconds = Math.round((performance.now() - began) / 10) / 100;
        return summaryOf(look, [labels, written], seconds);
      });
    });

  /** @throws ObjectMissing */
  async function keptArtifact(jobId: string, name: string): Promise<Artifact> {
    const key = artifactKey(jobId, 'segmenting', name);
    const head = await store.head(key);
    if (!head) throw new ObjectMissing(key);
    const { media_type, bytes, sha256 } = head;
    return { pass: 'segmenting', name, key, media_type, bytes, sha256: sha256 ?? '' };
  }
}
