import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fileTypeFromBuffer } from 'file-type';
import {
  mayTurnOut,
  refuseUnaccepted,
  sniffedBytes,
  sniffHead,
  sniffStored,
} from '../../../src/api/accept/sniff.ts';
import { StorageUnavailable } from '../../../src/domain/errors.ts';
import { measurement } from '../../../src/domain/kinds/measurement.ts';
import { technique } from '../../../src/domain/kinds/technique.ts';
import * as late from '../../support/media/late-types.ts';

const squats = readFileSync('samples/squats.mp4');
const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');

/** A store of one file, which counts what is read of it. */
function stored(file: Buffer) {
  const reads: number[] = [];
  return {
    reads,
    readRange: async (_key: string, start: number, endInclusive: number) => {
      expect(endInclusive).toBeGreaterThanOrEqual(start);
      expect(endInclusive).toBeLessThan(file.length);
      reads.push(endInclusive + 1 - start);
      return file.subarray(start, endInclusive + 1);
    },
  };
}

const headOf = (file: Buffer) => file.subarray(0, sniffedBytes);

test.each<[string, Buffer, string]>([
  ['a video', squats, 'video/mp4'],
  ['an MP4 with its directory last', late.mp4(), 'video/mp4'],
  ['a QuickTime without ftyp', late.quickTime(), 'video/quicktime'],
  ['a small TIFF', late.tiff({ pixels: 100 }), 'image/tiff'],
  ['a PDF', Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n'), 'application/pdf'],
  ['text', Buffer.from('Dear coach, here is my video.\n'), 'application/octet-stream'],
  ['long text', Buffer.alloc(200_000, 'Dear coach, here is my video.\n'), 'application/octet-stream'],
  ['nothing', Buffer.alloc(0), 'application/octet-stream'],
])('%s is told by its beginning', async (_what, file, media_type) => {
  expect(await sniffHead(headOf(file))).toEqual({ media_type, isFinal: true });
  const store = stored(file);
  expect(await sniffStored(store, 'key', file.length)).toBe(media_type);
  expect(store.reads.length).toBeLessThanOrEqual(1);
});

test.each<[string, Buffer, string]>([
  ['a TIFF with its directory at its end', late.tiff(), 'image/tiff'],
  ['a large one', late.tiff({ pixels: 20_000_000 }), 'image/tiff'],
  ['a camera’s raw picture', late.dng(), 'image/x-adobe-dng'],
  ['a PNG with a large profile', late.png(), 'image/png'],
  ['a moving one', late.png({ isMoving: true }), 'image/apng'],
  ['an MP3 with a large picture', late.mp3(), 'audio/mpeg'],
  [
    'a document with a large film in it',
    late.zip({ isDocument: true }),
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ],
  ['a ZIP', late.zip(), 'application/zip'],
])('%s is left open by its beginning, and told by what is stored', async (_what, file, media_type) => {
  expect((await sniffHead(headOf(file))).isFinal).toBe(false);
  const store = stored(file);
  expect(await sniffStored(store, 'key', file.length)).toBe(media_type);
  expect(store.reads.length).toBeLessThanOrEqual(4);
});

test('however a file is made, its type is that of all its bytes, and little is read for it', async () => {
  const size = fc.integer({ min: 1, max: 3 * sniffedBytes });
  const file = fc.oneof(
    size.map((pixels) => late.tiff({ pixels })),
    size.map(late.dng),
    fc.record({ before: size, isMoving: fc.boolean() }).map(late.png),
    size.map(late.mp3),
    fc.record({ film: size, isDocument: fc.boolean() }).map(late.zip),
    fc.uint8Array({ maxLength: 200 }).map(Buffer.from),
    fc.constantFrom(squats, late.mp4(), late.quickTime()),
  );
  const cut = fc.double({ min: 0, max: 1, noNaN: true });
  await fc.assert(
    fc.asyncProperty(file, fc.option(cut), async (whole, upTo) => {
      const bytes = upTo === null ? whole : whole.subarray(0, Math.ceil(whole.length * upTo));
      const expected = (await fileTypeFromBuffer(bytes))?.mime ?? 'application/octet-stream';
      const store = stored(bytes);
      expect(await sniffStored(store, 'key', bytes.length)).toBe(expected);
      expect(store.reads.length).toBeLessThanOrEqual(64);
      const early = await sniffHead(headOf(bytes));
      if (early.isFinal) expect(early.media_type).toBe(expected);
    }),
    { numRuns: 150 },
  );
});

test('what is read of a stored file is bounded, whatever the file asks for', async () => {
  const entries = Array.from({ length: 100 }, () => late.zip({ film: sniffedBytes + 1 }));
  const file = Buffer.concat(entries);
  const store = stored(file);
  expect(await sniffStored(store, 'key', file.length)).toBe('application/zip');
  expect(store.reads.length).toBe(64);
});

test('a storage out of reach is no unknown type', async () => {
  const away = new StorageUnavailable('S3 is out of reach.');
  const store = { readRange: () => Promise.reject(away) };
  await expect(sniffStored(store, 'key', 100)).rejects.toBe(away);
});

/** In a process of its own: Jest's streams are not those that the detector knows, and an error nobody catches would end it. */
const ofGzip = `
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { sniffHead, sniffStored } from './src/api/accept/sniff.ts';
import { tiff } from './test/support/media/late-types.ts';
const whole = tiff();
const gzip = gzipSync(Buffer.concat([whole.subarray(0, 8), randomBytes(300_000), whole.subarray(300_008)]));
const head = await sniffHead(gzip.subarray(0, 65_536));
let reads = 0;
const store = {
  readRange: async (key, start, end) => {
    if (reads++ > 0) throw new Error('away');
    return gzip.subarray(start, end + 1);
  },
};
const stored = await sniffStored(store, 'key', gzip.length).catch(({ message }) => message);
console.log(JSON.stringify([head, stored]));
`;

test('nor is one within a gzip, where the detector takes any failure for the end', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', ofGzip]);
  expect(JSON.parse(stdout)).toEqual([{ media_type: 'application/gzip', isFinal: false }, 'away']);
});

test('what can no more become an accepted type is not waited for', async () => {
  const kinds = [technique, measurement];
  expect(mayTurnOut(await sniffHead(headOf(late.tiff())), kinds)).toBe(true);
  expect(mayTurnOut(await sniffHead(headOf(late.zip())), kinds)).toBe(false);
  expect(mayTurnOut(await sniffHead(headOf(squats)), kinds)).toBe(false);
  const anything = { ...technique, kind: 'scan', mediaTypes: ['*/*'] };
  expect(mayTurnOut(await sniffHead(headOf(late.zip())), [technique, anything])).toBe(true);
});

const refusal = (media_type: string, kinds = [technique], all?: (typeof technique)[]) =>
  expect(() => refuseUnaccepted({ media_type, bytes: 9 }, 'squats.mp4', kinds, all));

test('a refusal names the file, what its bytes are and what is accepted', () => {
  refusal('application/pdf').toThrow(
    /"squats\.mp4".*are application\/pdf.*Export it as an MP4 video.* \(Accepted: .*video\/webm/,
  );
  refusal('application/octet-stream').toThrow('no type we know');
});

test('what another kind takes is refused with its name', async () => {
  const all = [technique, measurement] as never;
  const { media_type } = await sniffHead(png);
  refusal(media_type, [technique], all).toThrow(
    /its bytes are image\/png.*Name the kind that takes it: measurement\./,
  );
  refusal('video/mp4', [measurement] as never, all).toThrow(/takes it: technique\./);
});

test('a kind may take any file', () => {
  refusal('application/octet-stream', [{ ...technique, mediaTypes: ['*/*'] }]).not.toThrow();
});
