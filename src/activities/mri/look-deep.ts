import { readFile } from 'node:fs/promises';
import { artifactKey } from '../../domain/artifact.ts';
import type { LookName } from '../../kinds/mri/child/look-tasks.ts';
import { inScratchFolder } from '../../system/scratch-folder.ts';
import type { JobOfSession } from '../job-reference.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { writerFor } from '../write-artifact.ts';
import { readQuick } from './look-quickly.ts';
import { madeWith } from './made-with.ts';
import type { MriNeeds } from './mri-needs.ts';
import { segmentingProgress } from './segmenting-progress.ts';

export interface LookJob extends JobOfSession {
  look: LookName;
}

export const labelsName = (look: LookName) => `${look}.labels.nii.gz`;

/** One of the deep look's models. Its label map is its checkpoint: what is done is not done again. */
export function makeLookDeep(needs: MriNeeds) {
  const { store, fetchOriginal, pool, models, scratch, threads } = needs;

  return (job: LookJob): Promise<{ look: LookName }> =>
    whileHeartbeating(async (signal, detail) => {
      const { job_id, session_id, file_name: fileName, look } = job;
      const { path, sha256: source } = await fetchOriginal(session_id, signal);
      const made = madeWith(needs, source, look);
      const name = labelsName(look);
      const before = await store.head(artifactKey(job_id, 'segmenting', name));
      const progress = segmentingProgress(needs, job, look);
      if (before?.metadata['made-with'] === made) {
        await progress.done();
        return { look };
      }
      const quick = await readQuick(store, job_id);
      return inScratchFolder(scratch, 'mri', async (folder) => {
        const began = performance.now();
        const seen = await pool.run(
          {
            task: 'mriLook',
            ...{ path, fileName, threads, folder, name: look },
            model: models[look],
            brainBox: quick.brain_box,
          },
          {
            signal,
            onProgress(at) {
              detail({ look, ...at });
              progress.report(at.share);
            },
          },
        );
        const writer = writerFor(needs, job_id, 'segmenting', signal);
        await writer.put(name, await readFile(seen.labels), 'application/gzip', {
          'made-with': made,
          seconds: String(Math.round((performance.now() - began) / 10) / 100),
        });
        await progress.done();
        return { look };
      });
    });
}
