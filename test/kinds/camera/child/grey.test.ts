import { expect, test } from '@jest/globals';
import { GreyReader } from '../../../../src/kinds/camera/child/grey.ts';
import { colorMatrixOf } from '../../../../src/media/video/color-matrix.ts';
import { type Geometry, geometryOf } from '../../../../src/media/video/geometry.ts';
import type { Picture } from '../../../../src/media/video/picture.ts';

interface Drawn {
  width: number;
  height: number;
  geometry?: Partial<Geometry>;
  /** Bits above eight. */
  extra_bits?: number;
}

/** A picture in rows with some memory between them, as decoders give them. */
function pictureOf(
  { width, height, geometry = {}, extra_bits = 0 }: Drawn,
  value: (x: number, y: number) => number,
): Picture {
  const stride = width + 13;
  const data = new (extra_bits > 0 ? Uint16Array : Uint8Array)(stride * height).fill(255);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data[y * stride + x] = value(x, y) << extra_bits;
  const none = { data: new Uint8Array(1), stride: 1 };
  return {
    geometry: { ...geometryOf(width, height, 1, null), ...geometry },
    coded_width: width,
    coded_height: height,
    luma: { data, stride },
    cb: none,
    cr: none,
    chroma_shift_x: 1,
    chroma_shift_y: 1,
    chroma_step: 1,
    extra_bits,
    matrix: colorMatrixOf(undefined, false, height),
  };
}

const slope = (x: number, y: number) => (x + 2 * y) % 200;

test.each([
  [1920, 1080, 384, 216],
  [768, 432, 384, 216],
  [640, 480, 384, 288],
  [1080, 1920, 216, 384],
  [384, 216, 384, 216],
  [320, 240, 320, 240],
  [3840, 2160, 384, 216],
])('%i × %i becomes %i × %i', (width, height, toWidth, toHeight) => {
  const frame = new GreyReader().read(pictureOf({ width, height }, () => 77));
  expect([frame.width, frame.height, frame.data.length]).toEqual([toWidth, toHeight, toWidth * toHeight]);
  expect(new Set(frame.data)).toEqual(new Set([77]));
});

test('a small picture is taken as it is, a twice as large one averaged by fours', () => {
  const same = new GreyReader().read(pictureOf({ width: 40, height: 30 }, slope));
  expect([...same.data]).toEqual(
    Array.from({ length: 1200 }, (_, at) => slope(at % 40, Math.floor(at / 40))),
  );
  const half = new GreyReader().read(
    pictureOf({ width: 768, height: 432 }, (x, y) => (x & 1) * 40 + (y & 1) * 80 + 10),
  );
  expect(new Set(half.data)).toEqual(new Set([70]));
});

test('every pixel is the mean of its place, at any ratio', () => {
  for (const [width, height] of [
    [1280, 720],
    [1920, 1080],
    [500, 400],
  ] as const) {
    const frame = new GreyReader().read(pictureOf({ width, height }, (x) => (200 * x) / width));
    const step = 200 / frame.width;
    for (let x = 0; x < frame.width; x += 7) {
      expect(Math.abs((frame.data[x] as number) - (x + 0.5) * step)).toBeLessThan(1.5);
    }
  }
});

test('ten and twelve bits give what eight bits give', () => {
  for (const [width, height] of [
    [320, 200],
    [768, 432],
    [1280, 720],
  ] as const) {
    const [plain, ...more] = [0, 2, 4].map((extra_bits) => [
      ...new GreyReader().read(pictureOf({ width, height, extra_bits }, slope)).data,
    ]);
    for (const data of more) expect(data).toEqual(plain);
  }
});

test('a turned or mirrored picture is read as the display shows it', () => {
  const width = 60;
  const height = 40;
  const at = (geometry: Partial<Geometry>, turned = false) => {
    const sizes = turned ? { width: height, height: width } : { width, height };
    const frame = new GreyReader().read(
      pictureOf({ width, height, geometry: { ...sizes, ...geometry } }, slope),
    );
    return (x: number, y: number) => frame.data[y * frame.width + x];
  };
  expect(at({ flip_x: true })(0, 3)).toBe(slope(59, 3));
  expect(at({ flip_y: true })(5, 0)).toBe(slope(5, 39));
  expect(at({ transposed: true }, true)(2, 50)).toBe(slope(50, 2));
  expect(at({ transposed: true, flip_x: true, flip_y: true }, true)(2, 50)).toBe(slope(9, 37));
});

test('pixels that are not square are shown as wide as they are, and a stream that changes its size is shown alike', () => {
  const reader = new GreyReader();
  const geometry = { width: 1024, height: 576 };
  const first = reader.read(pictureOf({ width: 720, height: 576, geometry }, () => 50));
  expect([first.width, first.height]).toEqual([384, 216]);
  const then = reader.read(pictureOf({ width: 360, height: 288, geometry }, () => 60));
  expect([then.width, then.height, then.data[100]]).toEqual([384, 216, 60]);
});
