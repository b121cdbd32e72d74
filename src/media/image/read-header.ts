import { stat } from 'node:fs/promises';
import sharp from 'sharp';
import { TooLarge, UnreadableMedia } from '../../domain/errors.ts';
import { isAnimatedPng } from './is-animated-png.ts';

/** What an image says of itself before a pixel is decoded. */
export interface ImageHeader {
  format: string;
  /** Upright: sides swapped where EXIF says so. */
  width: number;
  height: number;
  /** EXIF 1–8. */
  orientation: number;
}

/** As libvips names them. */
const formats: Readonly<Record<string, string>> = {
  jpeg: 'JPEG',
  png: 'PNG',
  webp: 'WebP',
  tiff: 'TIFF',
  gif: 'GIF',
  heif: 'AVIF',
};

/**
 * AVIF is decoded whole, at up to 30 bytes a pixel (12 bits, with alpha), three times what any other format needs; so many
 * pixels leave a child a tenth of its memory. Measured: `npm run bench -- --only photographs`.
 */
const mostPixels: Readonly<Record<string, number>> = { heif: 64_000_000 };

/**
 * @throws TooLarge when the image has more pixels than allowed; UnreadableMedia when it is none, of another
 *   format, or of several pictures
 */
export async function readHeader(
  path: string,
  fileName: string,
  limits: { pixels: number },
): Promise<ImageHeader> {
  // A file that is gone is the system's error to tell, and no damaged photograph.
  await stat(path);
  // The limit is ours to tell, in our words; nothing is decoded for a header.
  const found = await sharp(path, { failOn: 'error', limitInputPixels: false })
    .metadata()
    .catch((cause: Error) => {
      throw new UnreadableMedia(
        `${fileName} could not be opened as an image: it is damaged, cut off, or something else. Upload a JPEG, PNG, WebP, TIFF, AVIF or GIF.`,
        { cause },
      );
    });
  const { format, width, height, pages = 1, orientation = 1, compression } = found;
  if (!formats[format] || (format === 'heif' && compression !== 'av1')) {
    throw new UnreadableMedia(
      `${fileName} is of a format that is not looked at (${compression ?? format}). Save it as JPEG or PNG and upload that.`,
    );
  }
  const isTurned = orientation >= 5;
  const [upright, across] = isTurned ? [height, width] : [width, height];
  const byFormat = mostPixels[format] ?? Number.POSITIVE_INFINITY;
  if (width * height > Math.min(limits.pixels, byFormat)) {
    const say = `${fileName} has ${upright}×${across} pixels, ${millions(width * height)} million; at most`;
    const cut = 'ake it smaller, or cut out the part that matters together with the reference.';
    throw new TooLarge(
      byFormat < limits.pixels
        ? `${say} ${millions(byFormat)} million of an ${formats[format]} are looked at. Save it as JPEG, m${cut}`
        : `${say} ${millions(limits.pixels)} million are looked at. M${cut}`,
    );
  }
  if (pages > 1 || (format === 'png' && (await isAnimatedPng(path)))) {
    throw new UnreadableMedia(
      `${fileName} holds several pictures (an animation or pages). Save the one to measure as a picture of its own and upload that.`,
    );
  }
  return { format, width: upright, height: across, orientation };
}

function millions(pixels: number): string {
  return (pixels / 1e6).toFixed(pixels < 1e7 ? 1 : 0);
}
