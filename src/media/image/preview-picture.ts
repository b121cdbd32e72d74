import sharp from 'sharp';
import type { Pixels } from './pixels.ts';

export interface PreviewPicture {
  width: number;
  height: number;
  /** sRGB, and upright without EXIF. */
  jpeg: Uint8Array;
}

/**
 * The picture as it was looked at, nothing drawn on it: browsers show no TIFF, and a smaller one would cost whoever clicks
 * on edges what the machine could see.
 */
export async function previewPicture({ width, height, data }: Pixels): Promise<PreviewPicture> {
  const jpeg = await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
  return { width, height, jpeg };
}
