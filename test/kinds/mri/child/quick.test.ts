import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { UnreadableMedia, UnsupportedMedia } from '../../../../src/domain/errors.ts';
import { inBox, keepLabels, keptLabels, openHead } from '../../../../src/kinds/mri/child/conformed-head.ts';
import { tasks } from '../../../../src/kinds/mri/child/tasks.ts';
import { readMriModels } from '../../../../src/kinds/mri/mri-models.ts';
import type { Affine } from '../../../../src/kinds/mri/volume/volume.ts';
import { makeScratchFolder, type ScratchFolder } from '../../../support/media/scratch-folder.ts';
import { INT16, niftiFile } from '../../../support/mri/nifti-file.ts';

const modelsFolder = new URL('../../../../models', import.meta.url).pathname;
const affine: Affine = [
  [1, 0, 0, -20],
  [0, 1, 0, -20],
  [0, 0, 1, -20],
  [0, 0, 0, 1],
];

let scratch: ScratchFolder;
beforeAll(async () => {
  scratch = await makeScratchFolder();
});
afterAll(() => scratch.remove());

async function volume(name: string, valueAt: (i: number, j: number, k: number) => number): Promise<string> {
  const path = scratch.file(name);
  const data = Int16Array.from({ length: 40 ** 3 }, (_, at) =>
    valueAt(at % 40, Math.trunc(at / 40) % 40, Math.trunc(at / 1600)),
  );
  await writeFile(path, niftiFile({ dimensions: [40, 40, 40], affine, data }, INT16));
  return path;
}

async function look(path: string) {
  const { quick } = await readMriModels(modelsFolder);
  const task = { task: 'mriQuick' as const, path, fileName: 'scan-1.nii', model: quick, threads: 1 };
  return tasks.mriQuick(
    { ...task, folder: scratch.file('.') },
    () => {},
    () => {},
  );
}

test('a volume in which no brain is seen is refused, and it says what was looked for', async () => {
  const path = await volume('ball.nii', (i, j, k) => (Math.hypot(i - 20, j - 20, k - 20) < 12 ? 400 : 3));
  const refusal = await look(path).catch((error) => error);
  expect(refusal).toBeInstanceOf(UnsupportedMedia);
  expect(refusal.message).toMatch(
    /^scan-1\.nii is not a T1-weighted scan of a head: nothing in it looks as a brain does in T1 \(\d+ ml were found.*\)\. Send/,
  );
});

test('a volume of nothing is refused as empty', async () => {
  const refusal = await look(await volume('empty.nii', () => 0)).catch((error) => error);
  expect(refusal).toBeInstanceOf(UnreadableMedia);
  expect(refusal.message).toMatch(/^scan-1\.nii is empty/);
});

test('labels that one task keeps are those that the next one finds, and no others are taken for them', async () => {
  const path = await volume('box.nii', (i, j, k) =>
    Math.min(i, j, k) > 5 && Math.max(i, j, k) < 30 ? 500 : 0,
  );
  const head = await openHead(path, 'scan-1.nii');
  expect(head.head).toEqual({ from: [4, 4, 0], to: [40, 40, 36] });
  const part = inBox(head.volume, { from: [10, 4, 2], to: [30, 39, 20] });
  const labels = Uint8Array.from(part.data, (_, at) => at % 18);
  const kept = scratch.file('kept.labels.nii.gz');
  await keepLabels(kept, labels, part);
  expect(await keptLabels(kept, part)).toEqual(labels);
  expect((await readFile(kept)).subarray(0, 2).toString('hex')).toBe('1f8b');
  await expect(keptLabels(kept, head.volume)).rejects.toThrow(/another grid/);
});
