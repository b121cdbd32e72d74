import { cleanDicom } from './dicom/clean.ts';
import { cleanNifti } from './nifti/clean.ts';
import { withContent } from './open-scan.ts';
import { Refusals } from './refusals.ts';

/** A scan of which only what cannot name a person is left. */
export interface CleanedScan {
  /** A NIfTI volume comes out as one `.nii.gz`, whatever it came in; DICOM as a ZIP. */
  extension: 'nii.gz' | 'zip';
  bytes: number;
}

/**
 * Writes a scan again with what is on a list of the allowed: geometry, voxels, timing of the sequence, maker and model, age in years up to 89,
 * sex. Nothing of it is copied that is a text.
 * @param source a path, or the bytes
 * @param write takes the pieces of the cleaned file, in their order
 * @throws UnsupportedMedia, UnreadableMedia or TooLarge; then what was written is no file
 */
export function cleanScan(
  source: string | Uint8Array,
  name: string,
  write: (piece: Uint8Array) => void | Promise<void>,
): Promise<CleanedScan> {
  const refusals = new Refusals(name);
  const all = async (extension: CleanedScan['extension'], pieces: AsyncIterable<Uint8Array>) => {
    let bytes = 0;
    for await (const piece of pieces) {
      bytes += piece.length;
      await write(piece);
    }
    return { extension, bytes };
  };
  return withContent(source, refusals, {
    nifti: (files) => all('nii.gz', cleanNifti(files, refusals)),
    dicom: (files) => all('zip', cleanDicom(files, refusals)),
  });
}
