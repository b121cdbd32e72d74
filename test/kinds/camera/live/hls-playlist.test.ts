import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  chooseVariant,
  type MasterPlaylist,
  type MediaPlaylist,
  parsePlaylist,
  UnreadablePlaylist,
} from '../../../../src/kinds/camera/live/hls-playlist.ts';
import { segmentsAfter } from '../../../../src/kinds/camera/live/hls-reader.ts';

const media = (text: string) => parsePlaylist(`#EXTM3U\n${text}`) as MediaPlaylist;

test('a media playlist: numbers, times, parts, gaps and discontinuities', () => {
  const { segments, ended, target_s } = media(
    [
      '#EXT-X-TARGETDURATION:4',
      '#EXT-X-MEDIA-SEQUENCE:17',
      '#EXT-X-MAP:URI="init.mp4",BYTERANGE="800@0"',
      '#EXTINF:4.0,first',
      '#EXT-X-PROGRAM-DATE-TIME:2026-06-01T12:00:00.500+0200',
      'a.m4s?token=1,2',
      '#EXTINF:3.5,',
      '#EXT-X-BYTERANGE:100@20',
      'b.m4s',
      '#EXTINF:4,',
      '#EXT-X-BYTERANGE:50',
      'b.m4s',
      '#EXT-X-GAP',
      '#EXTINF:4,',
      'missing.m4s',
      '#EXTINF:4,',
      '#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:00Z',
      'd.m4s',
      '#EXT-X-ENDLIST',
    ].join('\r\n'),
  );
  expect([ended, target_s]).toEqual([true, 4]);
  const at = Date.parse('2026-06-01T10:00:00.500Z');
  expect(segments).toMatchObject([
    {
      sequence: 17,
      uri: 'a.m4s?token=1,2',
      duration_s: 4,
      programme_ms: at,
      range: null,
      discontinuity: false,
    },
    { sequence: 18, uri: 'b.m4s', programme_ms: at + 4000, range: { offset: 20, length: 100 } },
    { sequence: 19, programme_ms: at + 7500, range: { offset: 120, length: 50 } },
    // A clock that says 1970 says nothing; after a gap the stream goes on elsewhere.
    { sequence: 21, uri: 'd.m4s', programme_ms: null, discontinuity: true },
  ]);
  expect(segments[0]?.map).toEqual({ uri: 'init.mp4', range: { offset: 0, length: 800 } });
});

test('of the variants the sharpest up to Full HD is chosen, or the smallest above', () => {
  const variants = (...lines: string[]) =>
    parsePlaylist(
      `#EXTM3U\n${lines.map((line, n) => `#EXT-X-STREAM-INF:${line}\n${n}.m3u8`).join('\n')}`,
    ) as MasterPlaylist;
  const [uhd, hd, sd] = ['3840x2160', '1920x1080', '640x360'].map(
    (size) => `BANDWIDTH=9,CODECS="a,b",RESOLUTION=${size}`,
  );
  expect(chooseVariant(variants(uhd as string, sd as string, hd as string))).toBe('2.m3u8');
  expect(chooseVariant(variants('RESOLUTION=7680x4320', uhd as string))).toBe('1.m3u8');
  expect(chooseVariant(variants('BANDWIDTH=10', 'BANDWIDTH=300', 'BANDWIDTH=20'))).toBe('1.m3u8');
});

test.each([
  ['<html>', 'something else than a playlist'],
  ['#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="k"\n#EXTINF:1,\na.ts', 'encrypted'],
  ['#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n', 'names no stream'],
  [`#EXTM3U\n${'#EXTINF:1,\na.ts\n'.repeat(50_001)}`, 'more than 50000 segments'],
])('what cannot be read says why (%#)', (text, why) => {
  expect(() => parsePlaylist(text)).toThrow(UnreadablePlaylist);
  expect(() => parsePlaylist(text)).toThrow(why);
});

test('no text makes it do anything else than read or refuse', () => {
  const tag = fc.constantFrom(
    '#EXTINF:',
    '#EXT-X-MAP:',
    '#EXT-X-BYTERANGE:',
    '#EXT-X-TARGETDURATION:',
    '#EXT-X-MEDIA-SEQUENCE:',
    '#EXT-X-PROGRAM-DATE-TIME:',
    '',
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(tag, fc.string())), (lines) => {
      try {
        const playlist = parsePlaylist(`#EXTM3U\n${lines.map((line) => line.join('')).join('\n')}`);
        if (playlist.kind !== 'media') return;
        for (const { duration_s, sequence } of playlist.segments)
          expect(Number.isFinite(duration_s) && duration_s >= 0 && Number.isInteger(sequence)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadablePlaylist);
      }
    }),
  );
});

const base = new URL('http://camera/live/index.m3u8');
const playlist = (from: number, names: string[], ended = false) =>
  media(
    [
      `#EXT-X-MEDIA-SEQUENCE:${from}`,
      ...names.map((name) => `#EXTINF:2,\n${name}`),
      ended ? '#EXT-X-ENDLIST' : '',
    ].join('\n'),
  );
const namesOf = (...args: Parameters<typeof segmentsAfter>) => segmentsAfter(...args).map(({ uri }) => uri);

test('a reader begins near the end, and goes on where the one before was', async () => {
  const live = playlist(5, ['a', 'b', 'c', 'd', 'e?t=1']);
  expect(namesOf(null, live, base)).toEqual(['c', 'd', 'e?t=1']);
  expect(namesOf(null, { ...live, ended: true }, base)).toEqual(['a', 'b', 'c', 'd', 'e?t=1']);
  const { createHash } = await import('node:crypto');
  const position = (sequence: number, name: string) => ({
    sequence,
    segment: createHash('sha256').update(`http://camera/live/${name} `).digest('hex'),
  });
  expect(namesOf(position(7, 'c'), live, base)).toEqual(['d', 'e?t=1']);
  // The token of its address is another by now.
  expect(namesOf(position(9, 'e'), { ...live, ended: true }, base)).toEqual([]);
  // What it read last is gone: all that came since.
  expect(namesOf(position(3, 'y'), live, base)).toEqual(['a', 'b', 'c', 'd', 'e?t=1']);
  // The numbers mean something else: another stream.
  expect(namesOf(position(7, 'other'), live, base)).toEqual(['c', 'd', 'e?t=1']);
  expect(namesOf(position(900, 'z'), live, base)).toEqual(['c', 'd', 'e?t=1']);
  // No more than ten minutes are caught up with.
  const long = playlist(
    1000,
    Array.from({ length: 900 }, (_, n) => `s${n}`),
  );
  expect(namesOf(position(3, 'y'), long, base)).toHaveLength(300);
});
