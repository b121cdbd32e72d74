import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { pythonEnvironment } from '../../../../scripts/python-environment.ts';
import { writeLabels } from '../../../../src/kinds/mri/volume/nifti/write.ts';
import { openScan } from '../../../../src/kinds/mri/volume/open-scan.ts';
import { makeScratchFolder } from '../../../support/media/scratch-folder.ts';
import { samplePath } from '../../../support/media/shipped.ts';

/** The label maps as nibabel reads them, on which most of the field's viewers and scripts rely. */

interface Read {
  shape: number[];
  affine: number[][];
  type: string;
  codes: [number, number];
  zooms: number[];
  units: string;
  first: number[];
}

const here = import.meta.dirname;
const scratch = await makeScratchFolder();
afterAll(() => scratch.remove());

const programs = await pythonEnvironment(join(here, 'nibabel/requirements.txt'), () => {}).catch((error) => {
  console.warn(`The test by nibabel is left out, since it cannot be had: ${(error as Error).message}`);
  return undefined;
});

function byNibabel(paths: readonly string[]): Read[] {
  const python = join(programs as string, 'python');
  const said = execFileSync(python, [join(here, 'nibabel/read_headers.py'), ...paths], { encoding: 'utf8' });
  return said
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Read);
}

const tricky = ['oblique', 'qonly_flip', 'bigendian_int16_anatomical', 'n2', 'neg_pixdim', '4d1', 'slope'];
const inputs = [
  ...tricky.map((name) => join(here, `../fixtures/tricky/${name}.nii`)),
  samplePath('small-t1.nii.gz'),
];

(programs ? test : test.skip)('a label map lies where its scan does, with its codes, as uint8', async () => {
  const maps: string[] = [];
  for (const [n, path] of inputs.entries()) {
    const { volume, header } = await openScan(path, 'scan.nii');
    const labels = Uint8Array.from({ length: volume.data.length }, (_, at) => (at * 7) % 61);
    const map = scratch.file(`${n}.nii.gz`);
    writeFileSync(map, writeLabels(labels, header));
    maps.push(map);
  }
  const [scans, written] = [byNibabel(inputs), byNibabel(maps)];
  for (const [n, scan] of scans.entries()) {
    const map = written[n] as Read;
    expect({ of: inputs[n], ...map }).toMatchObject({
      shape: scan.shape,
      codes: scan.codes,
      type: 'uint8',
      units: scan.units,
      first: Array.from({ length: 64 }, (_, at) => (at * 7) % 61).slice(0, map.first.length),
    });
    for (const [row, values] of scan.affine.entries())
      for (const [column, value] of values.entries()) expect(map.affine[row]?.[column]).toBeCloseTo(value, 3);
    for (const [axis, size] of scan.zooms.entries()) expect(map.zooms[axis]).toBeCloseTo(Math.abs(size), 4);
  }
});
