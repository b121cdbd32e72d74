import sharp from 'sharp';
import type { Picture } from '../../../media/video/picture.ts';
import { sampleRegion } from '../../../media/video/sample-region.ts';
import type { Polygon } from '../events/camera.ts';

/** Longer side of the JPEG, pixels. */
const longest = 1280;

/**
 * The picture of an event as JPEG, with the private parts painted out.
 * @param hidden polygons in fractions of the picture
 */
export async function eventPicture(picture: Picture, hidden: readonly Polygon[]): Promise<Buffer> {
  const { width, height } = picture.geometry;
  const scale = Math.min(1, longest / Math.max(width, height));
  const wide = Math.max(1, Math.round(width * scale));
  const high = Math.max(1, Math.round(height * scale));
  const rgb = new Uint8ClampedArray(wide * high * 3);
  sampleRegion(picture, { x: 0, y: 0, width, height }, wide, high, rgb);
  const image = sharp(rgb, { raw: { width: wide, height: high, channels: 3 } });
  if (hidden.length > 0) image.composite([{ input: paint(hidden, wide, high), left: 0, top: 0 }]);
  return image.jpeg({ quality: 85 }).toBuffer();
}

function paint(polygons: readonly Polygon[], width: number, height: number): Buffer {
  const shapes = polygons.map((polygon) => {
    const points = polygon.map(([x, y]) => `${(x * width).toFixed(2)},${(y * height).toFixed(2)}`);
    // The outline too: what lies on the border is hidden as well.
    return `<polygon points="${points.join(' ')}" fill="#000" stroke="#000" stroke-width="2" shape-rendering="crispEdges"/>`;
  });
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes.join('')}</svg>`,
  );
}
