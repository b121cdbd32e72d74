import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  AV_PIX_FMT_BGRA,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV420P10LE,
  AV_PIX_FMT_YUV422P10LE,
  AV_PIX_FMT_YUV444P,
} from 'node-av/constants';
import { FrameReader } from '../../src/media/video/read-frames.ts';
import { type Region, sampleRegion } from '../../src/media/video/sample-region.ts';
import { encodeVideo, type VideoRecipe } from '../support/media/encode-video.ts';
import { makeScratchFolder, type ScratchFolder } from '../support/media/scratch-folder.ts';
import { usualLimits } from '../support/media/usual-limits.ts';

let scratch: ScratchFolder;
beforeAll(async () => {
  scratch = await makeScratchFolder();
});
afterAll(() => scratch.remove());

const red = [220, 40, 30];
const green = [30, 180, 60];
const blue = [40, 60, 200];
const grey = [128, 128, 128];

/** Four quarters: red, green above blue, grey. */
function quarters(width: number, height: number): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = y < height / 2 ? (x < width / 2 ? red : green) : x < width / 2 ? blue : grey;
      rgb.set(colour, (y * width + x) * 3);
    }
  }
  return rgb;
}

/** Encodes the quarters almost without loss and samples the first frame. */
async function sampled(name: string, recipe: Partial<VideoRecipe>, region?: Region, side = 8) {
  const [width, height] = [recipe.width ?? 128, recipe.height ?? 96];
  encodeVideo(scratch.file(name), {
    width,
    height,
    times_s: { frames: 2, fps: 30 },
    paint: () => quarters(width, height),
    encoderOptions: { qp: '4' },
    ...recipe,
  });
  await using reader = await FrameReader.open(
    { path: scratch.file(name), fileName: name, limits: usualLimits },
    () => {},
  );
  const out = new Uint8ClampedArray(side * side * 3).fill(99);
  for await (const { picture } of reader.segment(0, 1)) {
    const { geometry } = picture;
    sampleRegion(
      picture,
      region ?? { x: 0, y: 0, width: geometry.width, height: geometry.height },
      side,
      side,
      out,
    );
    return {
      geometry,
      at: (x: number, y: number) => [...out.subarray((y * side + x) * 3, (y * side + x) * 3 + 3)],
    };
  }
  throw new Error('no frame');
}

function expectColour(found: number[], wanted: number[]): void {
  for (const [n, value] of wanted.entries())
    expect(Math.abs((found[n] as number) - value)).toBeLessThanOrEqual(6);
}

test.each<[string, Partial<VideoRecipe>]>([
  ['4:2:0', { pixelFormat: AV_PIX_FMT_YUV420P }],
  ['4:4:4', { pixelFormat: AV_PIX_FMT_YUV444P }],
  ['10 bits', { pixelFormat: AV_PIX_FMT_YUV420P10LE }],
  ['4:2:2 of 10 bits', { pixelFormat: AV_PIX_FMT_YUV422P10LE }],
  ['an odd size', { pixelFormat: AV_PIX_FMT_YUV444P, width: 101, height: 77 }],
])('colours are right in %s', async (name, recipe) => {
  const { at } = await sampled(`${name.replaceAll(/\W/g, '-')}.mp4`, recipe);
  expectColour(at(1, 1), red);
  expectColour(at(6, 1), green);
  expectColour(at(1, 6), blue);
  expectColour(at(6, 6), grey);
});

test('colours are right in RGB with alpha, which is converted first', async () => {
  const { at } = await sampled('alpha.mkv', {
    encoder: 'ffv1',
    pixelFormat: AV_PIX_FMT_BGRA,
    encoderOptions: {},
  });
  expectColour(at(1, 1), red);
  expectColour(at(6, 1), green);
  expectColour(at(1, 6), blue);
});

test.each([
  [90, [blue, red, grey, green]],
  [180, [grey, blue, green, red]],
  [270, [green, grey, red, blue]],
] as const)('a picture that the player turns by %d° is turned', async (rotation_deg, wanted) => {
  const { geometry, at } = await sampled(`turned-${rotation_deg}.mp4`, { rotation_deg });
  expect(geometry.rotation_deg).toBe(rotation_deg);
  expect([geometry.width, geometry.height]).toEqual(rotation_deg === 180 ? [128, 96] : [96, 128]);
  const corners = [at(1, 1), at(6, 1), at(1, 6), at(6, 6)];
  for (const [n, corner] of corners.entries()) expectColour(corner, [...(wanted[n] as number[])]);
});

test('pixels that are wider than high make the picture wider', async () => {
  const { geometry, at } = await sampled('wide.mp4', { pixelAspect: [4, 3] });
  expect([geometry.width, geometry.height]).toEqual([171, 96]);
  expectColour(at(6, 1), green);
});

test('what lies outside the picture is black, and inside it in its place', async () => {
  const { at } = await sampled('outside.mp4', {}, { x: -64, y: -48, width: 128, height: 96 });
  expect(at(0, 0)).toEqual([0, 0, 0]);
  expect(at(7, 3)).toEqual([0, 0, 0]);
  expectColour(at(4, 4), red);
  expectColour(at(7, 7), red);
});

test('an enlarged part is that part', async () => {
  const { at } = await sampled('part.mp4', {}, { x: 100, y: 10, width: 8, height: 8 }, 32);
  expectColour(at(0, 0), green);
  expectColour(at(31, 31), green);
});
