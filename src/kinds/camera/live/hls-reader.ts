import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveAddress } from './address.ts';
import { HlsFetcher } from './fetch-hls.ts';
import {
  chooseVariant,
  type HlsPart,
  type HlsSegment,
  type MediaPlaylist,
  parsePlaylist,
  UnreadablePlaylist,
} from './hls-playlist.ts';
import type { LivePosition } from './live-change.ts';
import { SourceAway } from './source-away.ts';

export interface ReadSegment {
  /** With its initialisation before it. */
  bytes: Buffer;
  segment: HlsSegment;
  /** What is read after it is what the position leads to. */
  position: LivePosition;
  /** When it would have come had it been sent as it was made: the playlist ends now. Ms since 1970. */
  made_ms: number;
  /** What the id of an event that begins in it derives from. */
  source: string;
}

export interface HlsReading {
  allowPrivate: boolean;
  position: LivePosition | null;
  /** Seconds that one answer may take, and without a new segment after which the source counts as lost. */
  patience_s: number;
  signal: AbortSignal;
}

const mostPlaylistBytes = 4 * 2 ** 20;
const mostSegmentBytes = 64 * 2 ** 20;
/** As players begin, so that the next segment is there before the one before has been read. */
const segmentsBehind = 3;
/** After an absence so much of what a server still keeps is caught up with. */
const mostBehind_s = 600;

/** The segments of a live source, as they come; ends after the last of a playlist that has ended. @throws SourceAway */
export async function* readHls(address: LiveAddress, reading: HlsReading): AsyncGenerator<ReadSegment> {
  const { signal, patience_s } = reading;
  const fetcher = new HlsFetcher(address, reading);
  let { position } = reading;
  let url = new URL(address.url);
  let map: { key: string; bytes: Buffer } | undefined;
  let last = performance.now();
  let chosen = false;
  for (;;) {
    const fetched = await fetcher.fetch({ uri: url.href, range: null }, null, mostPlaylistBytes);
    const playlist = readPlaylist(fetched.bytes);
    if (playlist.kind === 'master') {
      if (chosen) throw new SourceAway('its playlist names another that names another');
      chosen = true;
      url = new URL(chooseVariant(playlist), fetched.url);
      if (fetched.url.origin === address.url.origin && url.origin === address.url.origin)
        url = withLogin(url, address);
      continue;
    }
    chosen = true;
    const read_ms = Date.now();
    const wanted = segmentsAfter(position, playlist, fetched.url);
    for (const [n, segment] of wanted.entries()) {
      const initialisation = segment.map;
      const key = initialisation ? JSON.stringify(initialisation) : '';
      if (initialisation && map?.key !== key)
        map = { key, bytes: (await fetcher.fetch(initialisation, fetched.url, mostSegmentBytes)).bytes };
      const part: HlsPart = { uri: segment.uri, range: segment.range };
      const { bytes } = await fetcher.fetch(part, fetched.url, mostSegmentBytes);
      position = positionOf(segment, fetched.url);
      const made_ms = read_ms - 1000 * wanted.slice(n).reduce((sum, { duration_s }) => sum + duration_s, 0);
      yield {
        bytes: initialisation && map ? Buffer.concat([map.bytes, bytes]) : bytes,
        segment,
        position,
        made_ms,
        source: sourceOf(segment, bytes),
      };
      last = performance.now();
    }
    if (playlist.ended) return;
    const silent_s = (performance.now() - last) / 1000;
    if (silent_s > Math.max(patience_s, 3 * playlist.target_s))
      throw new SourceAway(`there was nothing new in ${Math.round(silent_s)} s`);
    await sleep(1000 * Math.min(playlist.target_s / 2, 10), undefined, { signal });
  }
}

function readPlaylist(bytes: Buffer) {
  try {
    return parsePlaylist(bytes.toString('utf8'));
  } catch (error) {
    throw error instanceof UnreadablePlaylist ? new SourceAway(error.message) : error;
  }
}

function withLogin(url: URL, { url: { username, password } }: LiveAddress): URL {
  const filled = new URL(url);
  filled.username = username;
  filled.password = password;
  return filled;
}

/** Those that come after a position; where it is not to be found, those that a player would begin with. */
export function segmentsAfter(
  position: LivePosition | null,
  { segments, ended }: Pick<MediaPlaylist, 'segments' | 'ended'>,
  base: URL,
): HlsSegment[] {
  const first = segments[0];
  if (position && first) {
    const at = segments.findIndex((segment) => segment.sequence === position.sequence);
    if (at >= 0 && positionOf(segments[at] as HlsSegment, base).segment === position.segment)
      return segments.slice(at + 1);
    // It has fallen out of the playlist while nobody read it; what came after is there in part.
    if (first.sequence > position.sequence) return latest(segments, mostBehind_s);
  }
  return ended ? [...segments] : segments.slice(-segmentsBehind);
}

function latest(segments: readonly HlsSegment[], most_s: number): HlsSegment[] {
  let from = segments.length;
  for (let sum = 0; from > 0 && sum < most_s; from--) sum += segments[from - 1]?.duration_s ?? 0;
  return segments.slice(from);
}

function positionOf({ sequence, uri, range }: HlsSegment, base: URL): LivePosition {
  let name = uri;
  try {
    // A token in a query may be another each time.
    const { origin, pathname } = new URL(uri, base);
    name = origin + pathname;
  } catch {
    // The fetcher says so.
  }
  return { sequence, segment: sha256(`${name} ${range?.offset ?? ''}`) };
}

function sourceOf({ programme_ms }: HlsSegment, bytes: Buffer): string {
  return programme_ms === null
    ? `segment:${sha256(bytes)}`
    : `programme:${new Date(programme_ms).toISOString()}`;
}

function sha256(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
