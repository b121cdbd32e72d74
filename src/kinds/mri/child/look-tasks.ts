import { UnsupportedMedia } from '../../../domain/errors.ts';
import type { Report } from '../../../media/child/serve-tasks.ts';
import { type Box, paste, sizeOf } from '../analysis/grid/box.ts';
import { neededMiB, voxelsAtOnce } from '../analysis/models/memory.ts';
import { scaleOf } from '../analysis/models/normalise.ts';
import { lookQuickly, type QuickLook } from '../analysis/quick-look.ts';
import { structureLabels, tissueLabels } from '../analysis/structures.ts';
import type { Dimensions, VolumeFacts } from '../volume/volume.ts';
import { type ConformedHead, inBox, keepLabels, labelsFile, openHead } from './conformed-head.ts';
import { HeadModel, type HeadModelFiles } from './head-model.ts';

interface ModelTask {
  /** The cleaned file, and what people read as its name. */
  path: string;
  fileName: string;
  model: HeadModelFiles;
  /** That compute one inference together. */
  threads: number;
  /** Where the labels are written, and the name of their file. */
  folder: string;
}

export interface QuickTask extends ModelTask {
  task: 'mriQuick';
}

export interface QuickResult extends QuickLook {
  facts: VolumeFacts;
  /** Voxels of 1 mm: how many there are, and in the head. */
  voxels: { conformed: Dimensions; head: Dimensions };
  /** What the run was known to need before it began. */
  needed_mib: number;
}

export interface LookTask extends ModelTask {
  task: 'mriLook';
  /** From the quick look. */
  brainBox: Box;
  name: LookName;
}

/** The deep look's label maps. */
export type LookName = 'brain' | 'structures' | 'second';

export interface LookResult {
  labels: string;
  needed_mib: number;
}

/** The share of the model's work that is done. */
export interface ModelProgress {
  share: number;
}

/**
 * Whether a scan is a head in T1, where its brain is, and roughly how much of it.
 * @throws UnsupportedMedia where it is none
 */
export async function quickTask(task: QuickTask, report: Report<ModelProgress>): Promise<QuickResult> {
  const head = await openHead(task.path, task.fileName);
  const { volume } = head;
  const found = await labelsIn(head, head.head, task, tissueLabels, report);
  const labels = new Uint8Array(volume.data.length);
  paste(found.labels, head.head, labels, volume.dimensions);
  const look = lookQuickly(volume.data, labels, volume.dimensions);
  if ('no_head_t1' in look) {
    throw new UnsupportedMedia(
      `${task.fileName} is not a T1-weighted scan of a head: ${look.no_head_t1}. Send the T1-weighted volume; CT, T2, PD, FLAIR and perfusion cannot be measured here.`,
    );
  }
  await keepLabels(labelsFile(task.folder, 'quick'), labels, volume);
  return {
    ...look,
    facts: head.facts,
    voxels: { conformed: volume.dimensions, head: sizeOf(head.head) },
    needed_mib: found.needed_mib,
  };
}

/** Has one of the deep look's models label the brain's box. */
export async function lookTask(task: LookTask, report: Report<ModelProgress>): Promise<LookResult> {
  const head = await openHead(task.path, task.fileName);
  const expected = task.name === 'brain' ? tissueLabels : structureLabels;
  const { labels, needed_mib } = await labelsIn(head, task.brainBox, task, expected, report);
  const path = labelsFile(task.folder, task.name);
  await keepLabels(path, labels, inBox(head.volume, task.brainBox));
  return { labels: path, needed_mib };
}

async function labelsIn(
  { volume, head }: ConformedHead,
  box: Box,
  { model: files, threads }: ModelTask,
  expected: readonly string[],
  report: Report<ModelProgress>,
) {
  const model = await HeadModel.load(files, threads);
  try {
    model.expectLabels(expected);
    const { normalisation, bytes_per_voxel } = model.card;
    const scale = scaleOf(inBox(volume, head).data, normalisation);
    const { data, dimensions } = inBox(volume, box);
    const atOnce = voxelsAtOnce(volume.dimensions, bytes_per_voxel);
    report({ share: 0 });
    return {
      labels: await model.labelsOf(data, dimensions, scale, atOnce, (share) => report({ share })),
      needed_mib: neededMiB(volume.dimensions, dimensions, bytes_per_voxel),
    };
  } finally {
    await model.release();
  }
}
