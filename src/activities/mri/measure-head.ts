import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Artifact, artifactKey } from '../../domain/artifact.ts';
import type { MriOptions } from '../../domain/kinds/mri.ts';
import type { LookName } from '../../kinds/mri/child/look-tasks.ts';
import { acquisitionOf } from '../../kinds/mri/language/acquisition.ts';
import { namesOf } from '../../kinds/mri/mri-models.ts';
import { inScratchFolder } from '../../system/scratch-folder.ts';
import type { JobOfSession } from '../job-reference.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { writerFor } from '../write-artifact.ts';
import type { MeasuredHead } from './describe.ts';
import { labelsName } from './look-deep.ts';
import { readQuick } from './look-quickly.ts';
import type { MriNeeds } from './mri-needs.ts';

export const headName = 'head.json';

const looks = ['brain', 'structures', 'second'] as const satisfies readonly LookName[];

/** Volumes, label maps and pictures from what the models saw; the deep result can be read when it returns. */
export function makeMeasureHead(needs: MriNeeds) {
  const { store, fetchOriginal, pool, models, scratch, softwareVersion, persistResult } = needs;

  return (job: JobOfSession & { options: MriOptions }): Promise<{ confidence: number }> =>
    whileHeartbeating(async (signal) => {
      const { job_id, session_id, file_name: fileName, options } = job;
      const { path } = await fetchOriginal(session_id, signal);
      const quick = await readQuick(store, job_id);
      return inScratchFolder(scratch, 'mri', async (folder) => {
        const labels = {} as Record<LookName, string>;
        const seconds: Record<string, number> = {};
        for (const look of looks) {
          const key = artifactKey(job_id, 'segmenting', labelsName(look));
          labels[look] = join(folder, `${look}.before.nii.gz`);
          await writeFile(labels[look], await store.get(key));
          const head = await store.head(key);
          seconds[look] = Number(head?.metadata.seconds ?? Number.NaN);
        }
        const began = performance.now();
        const measured = await pool.run(
          {
            task: 'mriMeasure',
            path,
            fileName,
            brainBox: quick.brain_box,
            labels,
            folder,
            deface: options.deface,
          },
          { signal },
        );
        const { measurements, grid } = measured;
        const writer = writerFor(needs, job_id, 'segmenting', signal);
        const file = async (name: string, from: string, type: string) =>
          writer.put(name, await readFile(from), type);
        const artifacts: Artifact[] = [
          await file('tissue.nii.gz', measured.tissue, 'application/gzip'),
          await file('structures.nii.gz', measured.structures, 'application/gzip'),
        ];
        for (const { plane, overlay, brain } of measured.pictures) {
          artifacts.push(await file(`overlay-${plane}.png`, overlay, 'image/png'));
          artifacts.push(await file(`brain-${plane}.png`, brain, 'image/png'));
        }
        const head: MeasuredHead = {
          measured: measurements,
          acquisition: acquisitionOf(grid.dimensions, grid.affine),
          models: namesOf(models),
          software: softwareVersion,
        };
        artifacts.push(await writer.put(headName, JSON.stringify(head), 'application/json'));
        seconds.measure = Math.round((performance.now() - began) / 10) / 100;
        const { confidence, confidence_terms, notices, tissue, structures, tissue_path } = measurements;
        await persistResult(
          job,
          'deep',
          {
            segmentation_result_key: artifacts[0]?.key ?? null,
            confidence_scores: { confidence, terms: confidence_terms },
            processing_metrics: {
              ...{ seconds, voxels: quick.voxels, models: namesOf(models), tissue_path },
              ...{ tissue, structures, notices },
            },
          },
          artifacts,
        );
        return { confidence };
      });
    });
}

/** @throws ObjectMissing */
export async function readHead(store: Pick<MriNeeds['store'], 'get'>, jobId: string): Promise<MeasuredHead> {
  return JSON.parse((await store.get(artifactKey(jobId, 'segmenting', headName))).toString()) as MeasuredHead;
}
