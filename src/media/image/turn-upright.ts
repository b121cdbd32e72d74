import sharp, { type Sharp } from 'sharp';
import type { Pixels } from './pixels.ts';

/** By EXIF orientation (CIPA DC-008, 4.6.4 A): mirrored first, as sharp does, then clockwise. */
const turns: Readonly<Record<number, (picture: Sharp) => Sharp>> = {
  2: (picture) => picture.flop(),
  3: (picture) => picture.rotate(180),
  4: (picture) => picture.flip(),
  5: (picture) => picture.flop().rotate(270),
  6: (picture) => picture.rotate(90),
  7: (picture) => picture.flop().rotate(90),
  8: (picture) => picture.rotate(270),
};

/** The picture as its camera was held. */
export async function turnUpright(picture: Pixels, orientation: number): Promise<Pixels> {
  const turn = turns[orientation];
  if (!turn) return picture;
  const { width, height } = picture;
  const stored = sharp(picture.data, { raw: { width, height, channels: 3 } });
  const { data, info } = await turn(stored).raw().toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    data: new Uint8Array(data.buffer, data.byteOffset, data.length),
  };
}
