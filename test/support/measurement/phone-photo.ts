import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Point } from '../../../src/kinds/measurement/outcome.ts';

/** The sample: a phone of 85 × 168 mm beside marker 10 of DICT_5X5_50, 50 mm a side. */
export const phone = {
  name: 'phone-with-aruco.jpg',
  bytes: readFileSync(join(import.meta.dirname, '../../../samples/phone-with-aruco.jpg')),
  media_type: 'image/jpeg',
};

/** Where the marker lies in it: clockwise, to a pixel. */
export const markerCorners: Point[] = [
  [779, 319],
  [632, 294],
  [656, 148],
  [804, 173],
];

/** The same with the marker, and a margin of its paper, painted over in one colour. */
export async function withoutMarker(corners: readonly Point[], colour = '#c8b89a') {
  const [x, y] = [0, 1].map((axis) => corners.reduce((sum, corner) => sum + (corner[axis] ?? 0), 0) / 4) as [
    number,
    number,
  ];
  const grown = corners.map(([u, v]) => [x + (u - x) * 1.15, y + (v - y) * 1.15].join(','));
  const { width, height } = await sharp(phone.bytes).metadata();
  const cover = `<svg width="${width}" height="${height}"><polygon points="${grown.join(' ')}" fill="${colour}"/></svg>`;
  const bytes = await sharp(phone.bytes)
    .composite([{ input: Buffer.from(cover) }])
    .jpeg({ quality: 92 })
    .toBuffer();
  return { ...phone, name: 'marker-painted-over.jpg', bytes };
}

/** A dark thing on a light table, and nothing to measure it by. */
export async function oneThing(corners: readonly Point[]) {
  const svg = `<svg width="1200" height="900"><rect width="1200" height="900" fill="#e8e4da"/><polygon points="${corners.join(' ')}" fill="#2b2f36"/></svg>`;
  const bytes = await sharp(Buffer.from(svg)).png().toBuffer();
  return { name: 'one-thing.png', bytes, media_type: 'image/png' };
}
