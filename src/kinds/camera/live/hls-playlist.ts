/** One entry of a media playlist (RFC 8216). */
export interface HlsSegment {
  sequence: number;
  uri: string;
  duration_s: number;
  /** `#EXT-X-PROGRAM-DATE-TIME`, its own or counted on from the one before; ms since 1970. */
  programme_ms: number | null;
  /** Its clock has nothing to do with that of the segment before. */
  discontinuity: boolean;
  /** What is to be put before it (`#EXT-X-MAP`). */
  map: HlsPart | null;
  range: HlsRange | null;
}

export interface HlsRange {
  offset: number;
  length: number;
}

export interface HlsPart {
  uri: string;
  range: HlsRange | null;
}

export interface MediaPlaylist {
  kind: 'media';
  target_s: number;
  segments: HlsSegment[];
  ended: boolean;
}

export interface MasterPlaylist {
  kind: 'master';
  variants: { uri: string; bandwidth: number; pixels: number | null }[];
}

/** A playlist that cannot be read; the message is a clause for the camera's owner. */
export class UnreadablePlaylist extends Error {}

/** More than a day of segments of two seconds. */
const mostSegments = 50_000;

/** @throws UnreadablePlaylist */
export function parsePlaylist(text: string): MediaPlaylist | MasterPlaylist {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  if (!lines[0]?.startsWith('#EXTM3U'))
    throw new UnreadablePlaylist('it answers with something else than a playlist');
  return text.includes('#EXT-X-STREAM-INF') ? parseMaster(lines) : parseMedia(lines);
}

function parseMaster(lines: readonly string[]): MasterPlaylist {
  const variants: MasterPlaylist['variants'] = [];
  let attributes: Record<string, string> | undefined;
  for (const line of lines) {
    if (line.startsWith('#EXT-X-STREAM-INF:')) attributes = attributesOf(line);
    else if (line.trim() !== '' && !line.startsWith('#') && attributes) {
      const [, width, height] = /^(\d{1,5})x(\d{1,5})$/i.exec(attributes.RESOLUTION ?? '') ?? [];
      variants.push({
        uri: line.trim(),
        bandwidth: Number(attributes.BANDWIDTH) || 0,
        pixels: width === undefined ? null : Number(width) * Number(height),
      });
      attributes = undefined;
    }
  }
  if (variants.length === 0) throw new UnreadablePlaylist('its playlist names no stream');
  return { kind: 'master', variants };
}

/** The sharpest that is not larger than Full HD, or else the smallest: more helps neither the eye nor the analysis. */
export function chooseVariant({ variants }: MasterPlaylist): string {
  const most = 1920 * 1088;
  const rank = ({ pixels, bandwidth }: (typeof variants)[number]) => [
    (pixels ?? 0) <= most ? 1 : 0,
    (pixels ?? 0) <= most ? (pixels ?? 0) : -(pixels ?? 0),
    bandwidth,
  ];
  const [best] = [...variants].sort((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    const at = left.findIndex((value, n) => value !== right[n]);
    return at < 0 ? 0 : (right[at] as number) - (left[at] as number);
  });
  return (best as (typeof variants)[number]).uri;
}

function parseMedia(lines: readonly string[]): MediaPlaylist {
  const playlist: MediaPlaylist = { kind: 'media', target_s: 10, segments: [], ended: false };
  let sequence = 0;
  let map: HlsPart | null = null;
  let next = freshSegment();
  let programme: number | null = null;
  let rangeEnd = 0;
  for (const line of lines) {
    const [, tag = '', value = ''] = /^#(EXT[A-Z0-9-]*):?(.*)$/.exec(line) ?? [];
    if (tag === 'EXT-X-TARGETDURATION') playlist.target_s = clamp(Number(value), 0.5, 60);
    else if (tag === 'EXT-X-MEDIA-SEQUENCE') sequence = Math.max(0, Math.trunc(Number(value)) || 0);
    else if (tag === 'EXTINF') next.duration_s = clamp(Number.parseFloat(value), 0, 3600);
    else if (tag === 'EXT-X-DISCONTINUITY') next.discontinuity = true;
    else if (tag === 'EXT-X-GAP') next.gap = true;
    else if (tag === 'EXT-X-ENDLIST') playlist.ended = true;
    else if (tag === 'EXT-X-PROGRAM-DATE-TIME') programme = momentOf(value);
    else if (tag === 'EXT-X-BYTERANGE') next.range = rangeOf(value, rangeEnd);
    else if (tag === 'EXT-X-MAP') map = mapOf(line);
    else if (tag === 'EXT-X-KEY') refuseEncrypted(line);
    else if (line.trim() !== '' && !line.startsWith('#')) {
      const { gap, ...segment } = next;
      if (!gap)
        playlist.segments.push({ ...segment, sequence, uri: line.trim(), programme_ms: programme, map });
      if (playlist.segments.length > mostSegments)
        throw new UnreadablePlaylist(`its playlist has more than ${mostSegments} segments`);
      sequence++;
      if (programme !== null) programme += Math.round(segment.duration_s * 1000);
      rangeEnd = segment.range ? segment.range.offset + segment.range.length : 0;
      next = { ...freshSegment(), discontinuity: gap };
    }
  }
  return playlist;
}

function freshSegment(): Pick<HlsSegment, 'duration_s' | 'discontinuity' | 'range'> & { gap: boolean } {
  return { duration_s: 0, discontinuity: false, range: null, gap: false };
}

/** A number or the name of a moment that cannot be one is as if nothing had been said. */
function momentOf(text: string): number | null {
  const at = Date.parse(text.trim().replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(at) || at < Date.UTC(2000) ? null : at;
}

function rangeOf(text: string, follows: number): HlsRange {
  const [, length, offset] = /^"?(\d{1,12})(?:@(\d{1,15}))?"?$/.exec(text.trim()) ?? [];
  if (length === undefined)
    throw new UnreadablePlaylist('its playlist has a part of a file that cannot be read');
  return { length: Number(length), offset: offset === undefined ? follows : Number(offset) };
}

function mapOf(line: string): HlsPart {
  const { URI, BYTERANGE } = attributesOf(line);
  if (!URI) throw new UnreadablePlaylist('its playlist has an initialisation without an address');
  return { uri: URI, range: BYTERANGE === undefined ? null : rangeOf(BYTERANGE, 0) };
}

function refuseEncrypted(line: string): void {
  if (attributesOf(line).METHOD === 'NONE') return;
  throw new UnreadablePlaylist(
    'its video is encrypted, which is not supported; have it send the video unencrypted',
  );
}

/** `NAME=value` or `NAME="value"`, separated by commas. */
function attributesOf(line: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = '', quoted, bare] of line.matchAll(/([A-Z0-9-]+)=(?:"([^"]*)"|([^",\s]*))/g))
    found[name] = quoted ?? bare ?? '';
  return found;
}

function clamp(value: number, least: number, most: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(value, least), most) : least;
}
