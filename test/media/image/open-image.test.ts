import { readFile, writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import { TooLarge, UnreadableMedia } from '../../../src/domain/errors.ts';
import { type OpenedImage, openImage } from '../../../src/media/image/open-image.ts';
import { readHeader } from '../../../src/media/image/read-header.ts';
import { corruptedBetween, truncated } from '../../support/media/damage.ts';
import { makeScratchFolder, type ScratchFolder } from '../../support/media/scratch-folder.ts';
import { samplePath } from '../../support/media/shipped.ts';

const limits = { pixels: 108_000_000 };
let scratch: ScratchFolder;
beforeAll(async () => {
  scratch = await makeScratchFolder();
});
afterAll(() => scratch.remove());

/** 40 × 20, red on the left half, blue on the right; its top left quarter of the left half is green. */
async function flag(): Promise<Sharp> {
  const data = Buffer.alloc(40 * 20 * 3);
  for (let y = 0; y < 20; y++) {
    for (let x = 0; x < 40; x++) {
      data.set(x < 20 ? (y < 10 && x < 10 ? [0, 200, 0] : [200, 0, 0]) : [0, 0, 200], (y * 40 + x) * 3);
    }
  }
  return sharp(
    await sharp(data, { raw: { width: 40, height: 20, channels: 3 } })
      .png()
      .toBuffer(),
  );
}

async function opened(name: string, bytes: Uint8Array, within = limits): Promise<OpenedImage> {
  await writeFile(scratch.file(name), bytes);
  return openImage(scratch.file(name), name, within);
}

async function refusal(
  opening: Promise<unknown>,
  as: typeof UnreadableMedia | typeof TooLarge,
): Promise<string> {
  const error = await opening.then(
    () => new Error('it was taken'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(as);
  return (error as Error).message;
}

const pixel = ({ width, data }: OpenedImage, x: number, y: number) => [
  ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];
function near(values: number[], wanted: number[], by = 25): void {
  for (const [i, value] of values.entries()) {
    expect(Math.abs(value - (wanted[i] as number))).toBeLessThanOrEqual(by);
  }
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i is set upright', async (orientation) => {
  // What each orientation does to the picture is undone before it is stored with it.
  const stored = {
    1: await flag(),
    2: (await flag()).flop(),
    3: (await flag()).rotate(180),
    4: (await flag()).flip(),
    5: sharp(await (await flag()).rotate(90).toBuffer()).flop(),
    6: (await flag()).rotate(270),
    7: sharp(await (await flag()).rotate(270).toBuffer()).flop(),
    8: (await flag()).rotate(90),
  }[orientation] as Sharp;
  const raw = await stored.png().toBuffer();
  const image = await opened(
    'turned.jpg',
    await sharp(raw)
      .withMetadata({ orientation })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer(),
  );
  expect(image.full).toEqual({ width: 40, height: 20 });
  expect([image.width, image.height]).toEqual([40, 20]);
  near(pixel(image, 4, 4), [0, 200, 0]);
  near(pixel(image, 14, 14), [200, 0, 0]);
  near(pixel(image, 34, 10), [0, 0, 200]);
});

test('CMYK, grey, palette and 16-bit images become 8-bit sRGB', async () => {
  const grey = await opened('grey.png', await (await flag()).greyscale().png().toBuffer());
  expect(grey.data).toHaveLength(40 * 20 * 3);
  expect(new Set(pixel(grey, 14, 14)).size).toBe(1);
  near(
    pixel(await opened('palette.png', await (await flag()).png({ palette: true }).toBuffer()), 34, 10),
    [0, 0, 200],
  );
  const deep = await (await flag()).toColourspace('rgb16').png().toBuffer();
  expect((await sharp(deep).metadata()).depth).toBe('ushort');
  near(pixel(await opened('deep.png', deep), 14, 14), [200, 0, 0], 2);
  const deepGrey = await (await flag()).toColourspace('grey16').png().toBuffer();
  expect((await opened('deep-grey.png', deepGrey)).data).toHaveLength(40 * 20 * 3);
  const ink = await (await flag()).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
  expect((await sharp(ink).metadata()).space).toBe('cmyk');
  const back = pixel(await opened('ink.jpg', ink), 14, 14);
  expect(back[0]).toBeGreaterThan((back[2] as number) + 80);
});

test('what is transparent is white', async () => {
  const clear = sharp({
    create: { width: 8, height: 8, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  });
  expect(pixel(await opened('clear.png', await clear.png().toBuffer()), 4, 4)).toEqual([255, 255, 255]);
});

test.each(['webp', 'tiff', 'avif', 'gif', 'png', 'jpeg'] as const)('%s is opened', async (format) => {
  const image = await opened(`flag.${format}`, await (await flag()).toFormat(format).toBuffer());
  expect(image.full).toEqual({ width: 40, height: 20 });
});

test('an animation is refused with what to do', async () => {
  const frames = sharp(
    [
      { create: { width: 8, height: 8, channels: 3, background: 'red' } },
      { create: { width: 8, height: 8, channels: 3, background: 'blue' } },
    ] as never,
    { join: { animated: true } },
  );
  for (const format of ['gif', 'webp'] as const) {
    const said = await refusal(
      opened(`moving.${format}`, await frames.clone().toFormat(format).toBuffer()),
      UnreadableMedia,
    );
    expect(said).toMatch(/^moving\.\w+ holds several pictures .* Save the one to measure/);
  }
  const animated = await withChunks(chunk('acTL', twoFrames));
  expect(await refusal(opened('moving.png', animated), UnreadableMedia)).toMatch(/holds several pictures/);
  // The control chunk may lie behind a profile of any size.
  const behind = await withChunks(chunk('prOf', Buffer.alloc(200_000)), chunk('acTL', twoFrames));
  expect(await refusal(opened('behind.png', behind), UnreadableMedia)).toMatch(/holds several pictures/);
});

test('a PNG that only mentions the animation’s chunk, in another one or after its pixels, is a picture', async () => {
  const text = Buffer.from('Comment\0acTL is no animation');
  const picture = await opened('mentions.png', await withChunks(chunk('tEXt', text)));
  expect(picture.full).toEqual({ width: 40, height: 20 });
  const png = await (await flag()).png().toBuffer();
  const late = Buffer.concat([png.subarray(0, -12), chunk('acTL', twoFrames), png.subarray(-12)]);
  expect((await opened('late.png', late)).full).toEqual({ width: 40, height: 20 });
});

/** Of `acTL`: two frames, for ever. */
const twoFrames = Buffer.from('0000000200000000', 'hex');

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name), data]);
  const number = (value: number) => Buffer.from(value.toString(16).padStart(8, '0'), 'hex');
  return Buffer.concat([number(data.length), named, number(crc32(named))]);
}

/** The flag as a PNG with these between its header and its pixels. */
async function withChunks(...chunks: Buffer[]): Promise<Buffer> {
  const png = await (await flag()).png().toBuffer();
  const header = 8 + 12 + 13;
  return Buffer.concat([png.subarray(0, header), ...chunks, png.subarray(header)]);
}

test.each([
  [
    'a JPEG cut off in the middle',
    async () => (await readFile(samplePath('phone-with-aruco.jpg'))).subarray(0, 40_000),
  ],
  [
    'a PNG cut off in the middle',
    async () => {
      const png = await sharp(samplePath('phone-with-aruco.jpg')).png().toBuffer();
      return png.subarray(0, png.length >> 1);
    },
  ],
  ['a text', async () => Buffer.from('hello '.repeat(1000))],
  ['an empty file', async () => Buffer.alloc(0)],
  ['a drawing', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>')],
])('%s is refused by its name, with what to do', async (_what, bytes) => {
  const said = await refusal(opened('my photo.jpg', await bytes()), UnreadableMedia);
  expect(said).toMatch(/^my photo\.jpg .*(upload|Upload)/);
});

test('more pixels than allowed are refused before any is decoded', async () => {
  // 20,000 × 10,000 in a few kilobytes: only its header can be read so fast and in so little memory.
  const huge = await sharp({
    create: { width: 20_000, height: 10_000, channels: 3, background: '#888' },
    limitInputPixels: false,
  })
    .png()
    .toBuffer();
  const before = process.memoryUsage().rss;
  const said = await refusal(opened('huge.png', huge), TooLarge);
  expect(said).toMatch(/^huge\.png has 20000×10000 pixels, 200 million; at most 108 million/);
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
});

test('of an AVIF, which is the dearest to decode, fewer pixels are let in than of a PNG', async () => {
  const size = { width: 10_000, height: 9_000 };
  const claims = async (format: 'avif' | 'png') => {
    const bytes = await (await flag()).toFormat(format).toBuffer();
    const at = format === 'avif' ? bytes.indexOf('ispe') + 8 : bytes.indexOf('IHDR') + 4;
    bytes.writeUInt32BE(size.width, at);
    bytes.writeUInt32BE(size.height, at + 4);
    if (format === 'png') bytes.writeUInt32BE(crc32(bytes.subarray(at - 4, at + 13)), at + 13);
    await writeFile(scratch.file(`huge.${format}`), bytes);
    return readHeader(scratch.file(`huge.${format}`), `huge.${format}`, limits);
  };
  expect(await claims('png')).toMatchObject(size);
  expect(await refusal(claims('avif'), TooLarge)).toMatch(
    /^huge\.avif has 10000×9000 pixels, 90 million; at most 64 million of an AVIF are looked at\. Save it as JPEG/,
  );
  // An operator's limit counts where it is the lower one.
  const less = readHeader(scratch.file('huge.avif'), 'huge.avif', { pixels: 50_000_000 });
  expect(await refusal(less, TooLarge)).toMatch(/at most 50 million are looked at\. Make it smaller/);
});

test('nothing of a picture is kept once it was opened: a child goes on to the next for days', async () => {
  await opened('kept.png', await (await flag()).png().toBuffer());
  expect(sharp.cache()).toMatchObject({
    memory: { current: 0 },
    files: { current: 0 },
    items: { current: 0 },
  });
});

test('a large photograph is looked at smaller, and remembers its size', async () => {
  const large = await sharp(samplePath('phone-with-aruco.jpg'))
    .resize(8000, 6000, { fit: 'fill' })
    .jpeg()
    .toBuffer();
  const image = await opened('large.jpg', large);
  expect(image.full).toEqual({ width: 8000, height: 6000 });
  expect(image.width * image.height).toBeLessThanOrEqual(12_010_000);
  expect(image.width / image.height).toBeCloseTo(4 / 3, 3);
});

test('a file that is gone is not called damaged', async () => {
  await expect(openImage(scratch.file('gone.jpg'), 'gone.jpg', limits)).rejects.toMatchObject({
    code: 'ENOENT',
  });
});

const ours =
  /^photo\.\w+ (?:is damaged: (?:it is cut off, or a part of it is missing|its picture data is not as it was written|its picture cannot be read to the end)\. Copy it again|could not be opened as an image: it is damaged, cut off, or something else\. Upload)/;

test.each(['avif', 'jpeg', 'png', 'tiff', 'webp', 'gif'] as const)(
  'a damaged %s is refused in our words, and what the library said is the cause',
  async (format) => {
    const whole = scratch.file(`whole.${format}`);
    await sharp(samplePath('phone-with-aruco.jpg')).resize(600)[format]().toFile(whole);
    const said: string[] = [];
    for (const share of [0.02, 0.3, 0.6, 0.95]) {
      const damaged = scratch.file(`damaged.${format}`);
      for (const damage of [
        () => truncated(whole, share, damaged),
        () => corruptedBetween(whole, share, Math.min(1, share + 0.05), damaged),
      ]) {
        await damage();
        // Some damage only changes what is seen.
        const error = await openImage(damaged, `photo.${format}`, limits).catch((thrown) => thrown);
        if (!(error instanceof Error)) continue;
        expect(error).toBeInstanceOf(UnreadableMedia);
        expect(error.message).toMatch(ours);
        expect(error.message).not.toContain('/');
        expect(error.cause).toBeInstanceOf(Error);
        said.push(error.message);
      }
    }
    expect(said.length).toBeGreaterThan(2);
  },
);
