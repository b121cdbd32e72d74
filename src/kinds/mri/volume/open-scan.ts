import { statSync } from 'node:fs';
import { withZip, type ZipEntry } from './archive/read-zip.ts';
import { type Bytes, bytesOf, bytesOfFile } from './byte-stream.ts';
import { readDicom } from './dicom/open.ts';
import { isDicom } from './dicom/parse.ts';
import { conformedGrid } from './geometry/conform.ts';
import { looksLikeCt } from './is-ct.ts';
import { INT16 } from './nifti/datatypes.ts';
import type { NiftiHeader } from './nifti/header.ts';
import { readNifti } from './nifti/read.ts';
import { firstBytes, type NiftiFiles } from './nifti/stream.ts';
import { headerOf } from './nifti/write.ts';
import { Refusals } from './refusals.ts';
import type { StoredVolume, VolumeFacts } from './volume.ts';

/** A scan of a head, ready to be conformed. */
export interface OpenScan {
  volume: StoredVolume;
  facts: VolumeFacts;
  /** What `writeLabels` puts before labels, so that they lie on the grid of the original. */
  header: NiftiHeader;
}

/** A head at 1 mm has some 10 million voxels; this many, in floating point, are 0.4 GB. */
const MOST_CONFORMED = 100e6;

/**
 * Opens a NIfTI volume (single, packed, or a pair in a ZIP), or a DICOM series in a ZIP.
 * @param source a path, or the bytes
 * @param name how the file is called in what people read
 * @throws UnsupportedMedia, UnreadableMedia or TooLarge, which name the file, what is wrong and what to do
 */
export async function openScan(source: string | Uint8Array, name: string): Promise<OpenScan> {
  const refusals = new Refusals(name);
  const scan = await withContent(source, refusals, {
    nifti: (files) => readNifti(files, refusals),
    dicom: async (files) => {
      const { volume, facts } = await readDicom(files, refusals);
      return { volume, facts, header: headerOf(volume, INT16) };
    },
  });
  const conformed = conformedGrid(scan.volume).dimensions;
  if (conformed.reduce((all, size) => all * size, 1) > MOST_CONFORMED) {
    throw refusals.tooLarge(
      `covers ${conformed.join(' × ')} mm, more than a head and a neck do`,
      'Crop it to the head, or export it with the right voxel size.',
    );
  }
  if (looksLikeCt(scan.volume)) {
    throw refusals.unreadable(
      'is a CT scan, not an MRI: its values are Hounsfield units, with air at −1000',
      'Send a T1-weighted MRI of the head.',
    );
  }
  return scan;
}

interface ByContent<Result> {
  nifti(files: NiftiFiles): Promise<Result>;
  dicom(files: ZipEntry[]): Promise<Result>;
}

/** Tells by the bytes what a file is; its name says nothing. */
export async function withContent<Result>(
  source: string | Uint8Array,
  refusals: Refusals,
  use: ByContent<Result>,
): Promise<Result> {
  const file = typeof source === 'string' ? bytesOfFile(source, statSync(source).size) : bytesOf(source);
  const beginning = await firstBytes(file, 132);
  if (isDicom(beginning)) return use.dicom([{ ...file, name: 'image' }]);
  if (!isZip(beginning)) return use.nifti({ file });
  return withZip(source, refusals, async (entries) => {
    const volume = await volumeAmong(entries, refusals);
    return volume ? use.nifti(volume) : use.dicom(entries);
  });
}

function isZip(beginning: Uint8Array): boolean {
  const magic = Buffer.from(beginning.subarray(0, 4)).toString('latin1');
  return ['PK\x03\x04', 'PK\x05\x06'].includes(magic);
}

/** The NIfTI volume in a ZIP, a pair or single; null where there is none. */
async function volumeAmong(entries: readonly ZipEntry[], refusals: Refusals): Promise<NiftiFiles | null> {
  const ending = (entry: ZipEntry, ...ends: string[]) =>
    ends.some((end) => entry.name.toLowerCase().endsWith(end));
  const headers = entries.filter((entry) => ending(entry, '.hdr'));
  const single = entries.filter((entry) => ending(entry, '.nii', '.nii.gz'));
  if (headers.length + single.length > 1) {
    throw refusals.unreadable(
      `holds ${headers.length + single.length} NIfTI volumes, and one is expected`,
      'Send the T1-weighted volume alone.',
    );
  }
  if (single[0]) return { file: single[0] };
  const [header] = headers;
  if (!header) return null;
  const base = header.name.slice(0, -'.hdr'.length).toLowerCase();
  const image: Bytes | undefined = entries.find(({ name }) =>
    [`${base}.img`, `${base}.img.gz`].includes(name.toLowerCase()),
  );
  return { file: header, image };
}
