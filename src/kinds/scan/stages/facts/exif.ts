import type { ScannedFile } from '../../analysis/stage.ts';

/** What cameras and programs write into pictures about themselves, when and where. */
export type Exif = Record<string, string | number>;

const tags: Readonly<Record<number, string>> = {
  270: 'description',
  271: 'make',
  272: 'model',
  305: 'software',
  306: 'modified',
  315: 'artist',
  33432: 'copyright',
  36867: 'taken',
  37510: 'comment',
  42033: 'serial_number',
  42036: 'lens',
};
const EXIF_DIRECTORY = 0x8769;
const GPS_DIRECTORY = 0x8825;

const MAX_ENTRIES = 500;
const MAX_TEXT = 500;
/** Where pictures have it: near their beginning, before the picture itself. */
const MAX_SEARCHED = 1024 ** 2;

/** By the marks that each format puts before it; a TIFF begins with the same structure. */
export function exifOf(file: ScannedFile): Exif | undefined {
  const head = Buffer.from(file.read(0, MAX_SEARCHED));
  const from = file.type === 'tiff' ? 0 : startOf(file, head);
  return from === undefined ? undefined : readDirectories(head.subarray(from));
}

function startOf(file: ScannedFile, head: Buffer): number | undefined {
  if (file.type === 'png') return after(head, 'eXIf', 4);
  // In RIFF a chunk's length stands between its name and its content, which JPEG's mark may begin.
  if (file.type === 'webp') return after(head, 'Exif\0\0', 6) ?? after(head, 'EXIF', 8);
  return after(head, 'Exif\0\0', 6);
}

function after(head: Buffer, mark: string, length: number): number | undefined {
  for (let at = head.indexOf(mark, 0, 'latin1'), count = 0; at >= 0 && count < 20; count++) {
    const start = head.toString('latin1', at + length, at + length + 4);
    if (start === 'II*\0' || start === 'MM\0*') return at + length;
    at = head.indexOf(mark, at + 1, 'latin1');
  }
  return undefined;
}

interface Entry {
  tag: number;
  type: number;
  count: number;
  at: number;
}

const sizes: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8 };

function readDirectories(tiff: Buffer): Exif | undefined {
  if (tiff.length < 8) return undefined;
  const little = tiff[0] === 0x49;
  const u16 = (at: number) =>
    at + 2 > tiff.length ? 0 : little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at);
  const u32 = (at: number) =>
    at + 4 > tiff.length ? 0 : little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at);
  const directory = (from: number): Entry[] => {
    if (from < 8 || from >= tiff.length) return [];
    return Array.from({ length: Math.min(u16(from), MAX_ENTRIES) }, (_, index) => {
      const at = from + 2 + 12 * index;
      const [type, count] = [u16(at + 2), u32(at + 4)];
      const inline = (sizes[type] ?? 1) * count <= 4;
      return { tag: u16(at), type, count, at: inline ? at + 8 : u32(at + 8) };
    });
  };
  const text = ({ at, count }: Entry) => {
    const value = tiff.toString('utf8', at, at + Math.min(count, MAX_TEXT));
    return (
      value
        .replace(/^(?:ASCII|UNICODE)\0+/, '')
        .split('\0', 1)[0]
        ?.trim() ?? ''
    );
  };
  const ratio = (at: number) => (u32(at + 4) === 0 ? 0 : u32(at) / u32(at + 4));

  const found: Exif = {};
  const first = directory(u32(4));
  const pointer = (tag: number) => first.find((entry) => entry.tag === tag);
  const second = pointer(EXIF_DIRECTORY);
  for (const entry of [...first, ...(second ? directory(u32(second.at)) : [])]) {
    const name = tags[entry.tag];
    const value = name && (entry.type === 2 || entry.type === 7) ? text(entry) : '';
    if (name && value) found[name] = value;
  }
  const gps = pointer(GPS_DIRECTORY);
  if (gps) {
    const entries = directory(u32(gps.at));
    const angle = (reference: number, value: number, negative: string) => {
      const [sign, degrees] = [
        entries.find(({ tag }) => tag === reference),
        entries.find(({ tag }) => tag === value),
      ];
      if (!degrees || degrees.count < 3) return undefined;
      const sum = ratio(degrees.at) + ratio(degrees.at + 8) / 60 + ratio(degrees.at + 16) / 3600;
      return Math.round((sign && text(sign).startsWith(negative) ? -sum : sum) * 1e6) / 1e6;
    };
    const [latitude, longitude] = [angle(1, 2, 'S'), angle(3, 4, 'W')];
    if (latitude !== undefined && Math.abs(latitude) <= 90) found.latitude = latitude;
    if (longitude !== undefined && Math.abs(longitude) <= 180) found.longitude = longitude;
  }
  return Object.keys(found).length > 0 ? found : undefined;
}
