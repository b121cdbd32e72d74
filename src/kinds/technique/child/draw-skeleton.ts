import sharp from 'sharp';
import { svgText } from '../../../media/svg-text.ts';
import type { Picture } from '../../../media/video/picture.ts';
import { sampleRegion } from '../../../media/video/sample-region.ts';

/** Joints of COCO-17 that are joined by a bone, and the bone's colour: left, right, trunk. */
const LEFT = '#35c2ff';
const RIGHT = '#ffb02e';
const TRUNK = '#ffffff';
const bones: readonly (readonly [number, number, string])[] = [
  [5, 6, TRUNK],
  [11, 12, TRUNK],
  [5, 11, LEFT],
  [5, 7, LEFT],
  [7, 9, LEFT],
  [11, 13, LEFT],
  [13, 15, LEFT],
  [6, 12, RIGHT],
  [6, 8, RIGHT],
  [8, 10, RIGHT],
  [12, 14, RIGHT],
  [14, 16, RIGHT],
];
/** The face is drawn as points only. */
const points = [0, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

const SEEN_SCORE = 0.3;
/** Longer side of the JPEG; evidence is looked at in a page, not printed. */
const LONGEST = 1280;

/**
 * The picture with the skeleton on the person and the caption below, as JPEG.
 * @param keypoints x, y (display pixels), score × 17; those under 0.3 are not drawn
 */
export async function drawSkeleton(
  picture: Picture,
  keypoints: readonly number[],
  caption: string,
): Promise<Uint8Array> {
  const { width, height } = picture.geometry;
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const wide = Math.max(1, Math.round(width * scale));
  const high = Math.max(1, Math.round(height * scale));
  const rgb = new Uint8ClampedArray(wide * high * 3);
  sampleRegion(picture, { x: 0, y: 0, width, height }, wide, high, rgb);
  const overlay = Buffer.from(skeletonSvg(keypoints, wide, high, scale, caption));
  return sharp(rgb, { raw: { width: wide, height: high, channels: 3 } })
    .composite([{ input: overlay, left: 0, top: 0 }])
    .jpeg({ quality: 85, chromaSubsampling: '4:4:4' })
    .toBuffer();
}

function skeletonSvg(
  keypoints: readonly number[],
  width: number,
  height: number,
  scale: number,
  caption: string,
): string {
  const seen = (joint: number) => (keypoints[joint * 3 + 2] ?? 0) >= SEEN_SCORE;
  const x = (joint: number) => ((keypoints[joint * 3] ?? 0) * scale).toFixed(1);
  const y = (joint: number) => ((keypoints[joint * 3 + 1] ?? 0) * scale).toFixed(1);
  const stroke = Math.max(2, Math.max(width, height) / 320);
  const lines = bones
    .filter(([a, b]) => seen(a) && seen(b))
    .map(([a, b, colour]) => {
      const ends = `x1="${x(a)}" y1="${y(a)}" x2="${x(b)}" y2="${y(b)}"`;
      return `<line ${ends} stroke="#000" stroke-opacity=".5" stroke-width="${stroke * 2}"/><line ${ends} stroke="${colour}" stroke-width="${stroke}"/>`;
    });
  const dots = points
    .filter(seen)
    .map(
      (joint) =>
        `<circle cx="${x(joint)}" cy="${y(joint)}" r="${stroke * 1.3}" fill="#e6194b" stroke="#fff" stroke-width="${stroke / 3}"/>`,
    );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g stroke-linecap="round">${lines.join('')}${dots.join('')}</g>${captionSvg(caption, width, height)}</svg>`;
}

function captionSvg(caption: string, width: number, height: number): string {
  if (caption === '' || height < 40) return '';
  const size = Math.round(
    Math.min(Math.max(width, height) / 40, (width * 1.7) / Math.max(caption.length, 1)),
  );
  const bar = Math.round(size * 1.8);
  return `<rect x="0" y="${height - bar}" width="${width}" height="${bar}" fill="#000" fill-opacity=".6"/><text x="${size / 2}" y="${height - size * 0.55}" font-family="sans-serif" font-size="${size}" fill="#fff">${svgText(caption)}</text>`;
}
