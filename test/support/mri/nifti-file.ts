import { datatypes } from '../../../src/kinds/mri/volume/nifti/datatypes.ts';
import { type NiftiHeader, writeHeader } from '../../../src/kinds/mri/volume/nifti/header.ts';
import { headerOf } from '../../../src/kinds/mri/volume/nifti/write.ts';
import type { Grid, Numbers } from '../../../src/kinds/mri/volume/volume.ts';

export const FLOAT32 = 16;
export const INT16 = 4;

/** A NIfTI file of voxels on a grid, with what a test changes of its header. */
export function niftiFile(
  { data, ...grid }: Grid & { data: Numbers | Uint8Array },
  datatype: number,
  changes: Partial<NiftiHeader> = {},
): Buffer {
  const header = { ...headerOf(grid, datatype), ...changes };
  const bits = datatypes.get(datatype)?.bits ?? 8;
  return Buffer.concat([
    writeHeader(header, { bits }),
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  ]);
}
