import sharp from 'sharp';
import type { Pixels } from '../../../media/image/pixels.ts';
import { svgText } from '../../../media/svg-text.ts';
import { centreOf } from '../geometry/polygon.ts';
import type { Point } from '../outcome.ts';

/** What is drawn, in pixels of the picture it is drawn on. */
export interface Drawn {
  reference: { corners: readonly Point[]; text: string } | null;
  objects: readonly {
    outline: readonly Point[];
    corners: readonly Point[];
    /** Written along the sides from the first corner, and in the middle. */
    sides: readonly [string, string];
    name: string;
  }[];
  caption: string;
}

/** Longer side of the JPEG: looked at in a page. */
const LONGEST = 1600;
const REFERENCE = '#35c2ff';
const OUTLINE = '#39d353';
const SIZE = '#ffb02e';

/** The picture with reference, outlines and dimensions on it and the caption below, as JPEG. */
export async function drawMeasurement(picture: Pixels, drawn: Drawn): Promise<Uint8Array> {
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const small = await sharp(picture.data, {
    raw: { width: picture.width, height: picture.height, channels: 3 },
    limitInputPixels: false,
  })
    .resize({ width, height, fit: 'fill' })
    .raw()
    .toBuffer();
  return sharp(small, { raw: { width, height, channels: 3 } })
    .composite([{ input: Buffer.from(svgOf(drawn, width, height, scale)), left: 0, top: 0 }])
    .jpeg({ quality: 88, chromaSubsampling: '4:4:4' })
    .toBuffer();
}

function svgOf({ reference, objects, caption }: Drawn, width: number, height: number, scale: number): string {
  const stroke = Math.max(1.5, Math.max(width, height) / 500);
  const size = Math.max(11, Math.max(width, height) / 48);
  const at = ([x, y]: Point): Point => [x * scale, y * scale];
  const polygon = (points: readonly Point[], colour: string, dash = '') =>
    ['stroke="#000" stroke-opacity=".45" stroke-width="2.2"', `stroke="${colour}" stroke-width="1" ${dash}`]
      .map(
        (style) =>
          `<polygon points="${points
            .map((point) =>
              at(point)
                .map((v) => v.toFixed(1))
                .join(','),
            )
            .join(' ')}" ${style}/>`,
      )
      .join('');
  const text = (words: string, [x, y]: Point, colour: string) => {
    const half = words.length * size * 0.29;
    const u = Math.min(Math.max(x, half), Math.max(half, width - half));
    const v = Math.min(Math.max(y, size), height - size);
    return `<text x="${u.toFixed(1)}" y="${v.toFixed(1)}" fill="${colour}">${svgText(words)}</text>`;
  };
  const lines = objects.map(({ outline, corners }) =>
    [polygon(outline, OUTLINE), polygon(corners, SIZE, `stroke-dasharray="4 2"`)].join(''),
  );
  const words = objects.flatMap(({ corners, outline, sides, name }) => {
    const middle = at(centreOf(corners.length > 0 ? corners : outline));
    return [
      ...sides.map((side, i) => {
        const [from, to] = [corners[i], corners[i + 1]];
        return from && to && side ? text(side, beside(at(from), at(to), middle, size), SIZE) : '';
      }),
      text(name, middle, OUTLINE),
    ];
  });
  const marker = reference
    ? [
        polygon(reference.corners, REFERENCE),
        text(reference.text, below(reference.corners.map(at), size), REFERENCE),
      ]
    : [];
  const bar = Math.round(size * 1.7);
  const captionSize = Math.min(size, (width * 1.7) / Math.max(1, caption.length));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g fill="none" stroke-linejoin="round"><g style="stroke-width:${stroke}">${scaled(lines.join('') + (marker[0] ?? ''), stroke)}</g></g><g font-family="sans-serif" font-size="${size.toFixed(1)}" font-weight="bold" text-anchor="middle" stroke="#000" stroke-opacity=".75" stroke-width="${(size / 6).toFixed(1)}" paint-order="stroke">${words.join('')}${marker[1] ?? ''}</g>${
    caption && height > 3 * bar
      ? `<rect x="0" y="${height - bar}" width="${width}" height="${bar}" fill="#000" fill-opacity=".6"/><text x="${size / 2}" y="${(height - bar * 0.3).toFixed(1)}" font-family="sans-serif" font-size="${captionSize.toFixed(1)}" fill="#fff">${svgText(caption)}</text>`
      : ''
  }</svg>`;
}

/** Stroke widths are written in strokes. */
function scaled(shapes: string, stroke: number): string {
  return shapes
    .replace(
      /stroke-width="([\d.]+)"/g,
      (_, width: string) => `stroke-width="${(Number(width) * stroke).toFixed(1)}"`,
    )
    .replace(
      /stroke-dasharray="4 2"/g,
      `stroke-dasharray="${(4 * stroke).toFixed(1)} ${(2 * stroke).toFixed(1)}"`,
    );
}

function beside([x, y]: Point, [u, v]: Point, middle: Point, size: number): Point {
  const [mx, my] = [(x + u) / 2, (y + v) / 2];
  const length = Math.hypot(mx - middle[0], my - middle[1]) || 1;
  const out = size * 1.4;
  return [mx + ((mx - middle[0]) / length) * out * 1.6, my + ((my - middle[1]) / length) * out];
}

function below(corners: readonly Point[], size: number): Point {
  return [centreOf(corners)[0], Math.max(...corners.map(([, y]) => y)) + size * 1.4];
}
