import sharp from 'sharp';
import { UnreadableMedia } from '../../domain/errors.ts';
import { pictureFault } from '../../domain/our-words.ts';
import { type ImageHeader, readHeader } from './read-header.ts';
import { turnUpright } from './turn-upright.ts';

// libvips keeps its last operations, with all that a decoder holds (gigabytes, of a progressive JPEG), until others take
// their place. No child opens a picture twice.
sharp.cache(false);

/** A photograph ready to be looked at: upright, sRGB, eight bits, white where it was transparent. */
export interface OpenedImage {
  /** Upright, as stored. */
  full: { width: number; height: number };
  /** What is looked at: the same picture, not more than some 12 million pixels. */
  width: number;
  height: number;
  /** Red, green, blue, row by row. */
  data: Uint8Array;
  header: ImageHeader;
}

export interface ImageLimits {
  /** Width × height of the stored image. */
  pixels: number;
}

/** 36 MB in memory; a marker's side is known to a tenth of these pixels, which is finer than any lens. */
const WORKING_PIXELS = 12_000_000;

/**
 * Opens an image that may be of any size: its header decides whether it is decoded, it is made smaller while it is
 * decoded, and only the small one is turned upright, for which all of it has to be there.
 * @throws TooLarge; UnreadableMedia, with what to do
 */
export async function openImage(path: string, fileName: string, limits: ImageLimits): Promise<OpenedImage> {
  const header = await readHeader(path, fileName, limits);
  const { orientation } = header;
  const scale = Math.min(1, Math.sqrt(WORKING_PIXELS / (header.width * header.height)));
  const [width, height] = [header.width, header.height].map((side) => Math.max(1, Math.round(side * scale)));
  const stored = orientation >= 5 ? { width: height, height: width } : { width, height };
  const { data, info } = await sharp(path, { failOn: 'error', limitInputPixels: limits.pixels })
    .resize({ ...stored, fit: 'fill', kernel: 'mitchell' })
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: Error) => {
      throw new UnreadableMedia(
        `${fileName} is damaged: ${pictureFault(cause.message)}. Copy it again from the camera, or export it again, and upload that.`,
        { cause },
      );
    });
  const rgb =
    info.channels === 3
      ? new Uint8Array(data.buffer, data.byteOffset, data.length)
      : spread(data, info.channels);
  const upright = await turnUpright({ width: info.width, height: info.height, data: rgb }, orientation);
  return { full: { width: header.width, height: header.height }, ...upright, header };
}

/** One grey value, with or without alpha, becomes three. */
function spread(data: Uint8Array, channels: number): Uint8Array {
  const rgb = new Uint8Array((data.length / channels) * 3);
  for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
    const colour = channels > 2 ? data.subarray(from, from + 3) : [data[from], data[from], data[from]];
    rgb.set(colour as Uint8Array, to);
  }
  return rgb;
}
