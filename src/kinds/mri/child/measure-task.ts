import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../../../media/child/serve-tasks.ts';
import { type Box, paste } from '../analysis/grid/box.ts';
import { measureHead } from '../analysis/measure-head.ts';
import type { HeadMeasurements } from '../analysis/measured.ts';
import { putBack } from '../volume/geometry/conform.ts';
import { writeLabels } from '../volume/nifti/write.ts';
import type { Grid } from '../volume/volume.ts';
import { type ConformedHead, inBox, keptLabels, openHead } from './conformed-head.ts';
import { type DrawnPlane, drawPlanes } from './draw-planes.ts';

export interface MeasureTask {
  task: 'mriMeasure';
  /** The cleaned file, and what people read as its name. */
  path: string;
  fileName: string;
  /** From the quick look. */
  brainBox: Box;
  /** Label maps that the deep look wrote. */
  labels: { brain: string; structures: string; second: string };
  /** Where the label maps and the pictures are written. */
  folder: string;
  /** Leaves everything outside the brain black in the pictures. */
  deface: boolean;
}

export interface MeasureResult {
  measurements: HeadMeasurements;
  /** Of the file. */
  grid: Grid;
  /** Paths of the label maps, on the grid of the original. */
  tissue: string;
  structures: string;
  pictures: DrawnPlane[];
}

/** Measures a head from what the models saw, and writes its label maps and pictures. */
export async function measureTask(task: MeasureTask, report: Report<never>): Promise<MeasureResult> {
  const head = await openHead(task.path, task.fileName);
  const volume = inBox(head.volume, task.brainBox);
  const [brain, structures, second] = await Promise.all(
    [task.labels.brain, task.labels.structures, task.labels.second].map((path) => keptLabels(path, volume)),
  );
  report();
  const measured = measureHead({
    volume,
    scaling: head.scaling,
    scan: head.scan,
    facts: head.facts,
    brain: brain as Uint8Array,
    structures: structures as Uint8Array,
    second: second as Uint8Array,
  });
  report();
  const whole = (labels: Uint8Array) => onWholeGrid(labels, task.brainBox, head);
  const maps = { tissue: whole(measured.tissue), structures: whole(measured.structures) };
  const written = async (name: 'tissue' | 'structures') => {
    const path = join(task.folder, `${name}.nii.gz`);
    await writeFile(path, writeLabels(putBack(maps[name], head.scan), head.header));
    return path;
  };
  const tissue = await written('tissue');
  const structuresPath = await written('structures');
  report();
  const pictures = await drawPlanes({
    volume: head.volume,
    mask: whole(measured.mask),
    ...maps,
    sides: head.facts.sides,
    deface: task.deface,
    folder: task.folder,
  });
  return {
    measurements: measured.measurements,
    grid: head.scan,
    tissue,
    structures: structuresPath,
    pictures,
  };
}

function onWholeGrid(labels: Uint8Array, box: Box, { volume }: ConformedHead): Uint8Array {
  const all = new Uint8Array(volume.data.length);
  paste(labels, box, all, volume.dimensions);
  return all;
}
