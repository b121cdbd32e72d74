import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';

/** As large as is let in unless an operator says otherwise, in the shape of the sample. */
const most = { width: 13_856, height: 7_794 };
const mostAvif = { width: 10_666, height: 6_000 };
export const phone = new URL('../samples/phone-with-aruco.jpg', import.meta.url).pathname;

const quick = { compressionLevel: 1 };
const progressive = (picture: Sharp) => picture.jpeg({ progressive: true, chromaSubsampling: '4:4:4' });
const deep = (picture: Sharp) => picture.ensureAlpha(0.9).toColourspace('rgb16');
const full = { effort: 0, chromaSubsampling: '4:4:4' };
/** By sharp's own field: its published option takes other depths than 8 only where libvips is the system's. */
const twelveBits = (picture: Sharp) =>
  Object.assign(picture, {
    options: { ...(picture as unknown as { options: object }).options, heifBitdepth: 12 },
  });
/** EXIF 6: a phone held upright. */
const onItsSide = (picture: Sharp) => picture.withMetadata({ orientation: 6 });

/** Ways to store a picture, the cheap beside the dear: what has to be held at once while it is decoded differs. */
const ways: Readonly<Record<string, { ending: string; store(picture: Sharp): Sharp }>> = {
  'JPEG, baseline': { ending: 'jpg', store: (picture) => picture.jpeg() },
  'JPEG, progressive, 4:4:4': { ending: 'jpg', store: progressive },
  'JPEG, progressive, 4:4:4, on its side': {
    ending: 'jpg',
    store: (picture) => onItsSide(progressive(picture)),
  },
  'JPEG, progressive, CMYK, on its side': {
    ending: 'jpg',
    store: (picture) => onItsSide(progressive(picture.toColourspace('cmyk'))),
  },
  'PNG, 8 bits': { ending: 'png', store: (picture) => picture.png(quick) },
  'PNG, 8 bits, palette, on its side': {
    ending: 'png',
    store: (picture) => onItsSide(picture.png({ ...quick, palette: true, effort: 1 })),
  },
  'PNG, 16 bits, alpha': { ending: 'png', store: (picture) => deep(picture).png(quick) },
  'PNG, 16 bits, alpha, interlaced': {
    ending: 'png',
    store: (picture) => deep(picture).png({ ...quick, progressive: true }),
  },
  'PNG, 16 bits, alpha, interlaced, on its side': {
    ending: 'png',
    store: (picture) => onItsSide(deep(picture).png({ ...quick, progressive: true })),
  },
  WebP: { ending: 'webp', store: (picture) => picture.webp({ effort: 0 }) },
  'WebP, lossless, alpha, on its side': {
    ending: 'webp',
    store: (picture) => onItsSide(picture.ensureAlpha(0.9).webp({ lossless: true, effort: 0 })),
  },
  AVIF: { ending: 'avif', store: (picture) => picture.avif({ effort: 0 }) },
  'AVIF, 4:4:4, alpha, on its side': {
    ending: 'avif',
    store: (picture) => onItsSide(picture.ensureAlpha(0.9).avif(full)),
  },
  'AVIF, 12 bits, 4:4:4': { ending: 'avif', store: (picture) => twelveBits(picture.avif(full)) },
  'AVIF, 12 bits, 4:4:4, alpha, on its side': {
    ending: 'avif',
    store: (picture) => onItsSide(twelveBits(picture.ensureAlpha(0.9).avif(full))),
  },
  GIF: { ending: 'gif', store: (picture) => picture.gif({ effort: 1 }) },
  'TIFF, 8 bits, LZW': { ending: 'tif', store: (picture) => picture.tiff({ compression: 'lzw' }) },
  'TIFF, 16 bits, alpha, on its side': {
    ending: 'tif',
    store: (picture) => onItsSide(deep(picture).tiff({ compression: 'none' })),
  },
  'TIFF, floating point, alpha, on its side': {
    ending: 'tif',
    store: (picture) => onItsSide(picture.ensureAlpha(0.9).tiff({ compression: 'lzw', predictor: 'float' })),
  },
};

export const photographKinds: readonly string[] = Object.keys(ways);

/** The sample, as large as is let in, stored this way; made once, as it may take a minute. */
export async function makePhotograph(directory: string, kind: string): Promise<string> {
  const way = ways[kind];
  if (!way) throw new RangeError(`No photograph is stored as "${kind}"`);
  const path = join(directory, `${kind.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.${way.ending}`);
  if (existsSync(path)) return path;
  await mkdir(directory, { recursive: true });
  const partial = `${path}.partial.${way.ending}`;
  const size = way.ending === 'avif' ? mostAvif : most;
  await way.store(sharp(phone).resize({ ...size, fit: 'fill' })).toFile(partial);
  await rename(partial, path);
  return path;
}
