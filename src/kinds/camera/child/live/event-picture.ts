import sharp from 'sharp';
import type { Picture } from '../../../../media/video/picture.ts';
import { sampleRegion } from '../../../../media/video/sample-region.ts';
import type { Polygon } from '../../events/camera.ts';

const widest = 1280;

/** The picture of an event: what the masks cover is painted out. */
export async function eventPicture(picture: Picture, privacyMasks: readonly Polygon[]): Promise<Uint8Array> {
  const { geometry } = picture;
  const scale = Math.min(1, widest / geometry.width);
  const [width, height] = [geometry.width, geometry.height].map((side) =>
    Math.max(1, Math.round(side * scale)),
  ) as [number, number];
  const pixels = new Uint8ClampedArray(width * height * 3);
  sampleRegion(
    picture,
    { x: 0, y: 0, width: geometry.width, height: geometry.height },
    width,
    height,
    pixels,
  );
  const image = sharp(pixels, { raw: { width, height, channels: 3 } });
  if (privacyMasks.length > 0)
    image.composite([{ input: Buffer.from(overlay(privacyMasks, width, height)) }]);
  return image.jpeg({ quality: 85 }).toBuffer();
}

/** Black, with an edge that hides the pixels which a polygon only touches. */
function overlay(masks: readonly Polygon[], width: number, height: number): string {
  const shapes = masks.map((corners) => {
    const points = corners.map(([x, y]) => `${x * width},${y * height}`).join(' ');
    return `<polygon points="${points}" fill="black" stroke="black" stroke-width="2" stroke-linejoin="round"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" shape-rendering="crispEdges">${shapes.join('')}</svg>`;
}
