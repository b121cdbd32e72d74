import { startsWith, utf16, viewOf } from './bytes.ts';

export const COMPOUND_MAGIC = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1] as const;

export interface CompoundEntry {
  /** From the root on, with `/` between the names; the root's own is empty. */
  path: string;
  name: string;
  kind: 'storage' | 'stream';
  /** As 32 lower-case hexadecimal digits in the order of the file's bytes. */
  clsid: string;
  /** As the directory says. */
  size: number;
  start: number;
}

const MOST_ENTRIES = 65_536;
const DEEPEST = 64;
const MOST_PROBLEMS = 20;
/** From here on a number in a table is no sector, but says what is there instead. */
const NO_SECTOR = 0xfffffffa;

/**
 * A compound file (MS-CFB), read where it is asked for. Written here because the library `cfb` follows every chain of
 * sectors before it answers: a file of 2 MB whose chains join makes it take 2 GB.
 */
export class CompoundFile {
  readonly entries: CompoundEntry[] = [];
  readonly root: CompoundEntry;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #sectorSize: number;
  readonly #sectors: number;
  readonly #miniCutoff: number;
  readonly #fat: number[] = [];
  #miniFat: number[] = [];
  #miniStream: number[] = [];
  readonly #problems = new Set<string>();
  /** Streams of a sound file share no sector, and nobody reads one more than a few times. */
  #left: number;

  /** @throws RangeError where not even the directory can be read */
  constructor(bytes: Uint8Array) {
    if (!isCompoundFile(bytes)) throw new RangeError('It is no compound file.');
    this.#bytes = bytes;
    this.#left = 8 * bytes.length;
    this.#view = viewOf(bytes);
    this.#sectorSize = this.#view.getUint16(0x1e, true) === 12 ? 4096 : 512;
    this.#sectors = Math.max(0, Math.ceil(bytes.length / this.#sectorSize) - 1);
    this.#miniCutoff = this.#view.getUint32(0x38, true) || 4096;
    this.#readFat();
    const directory = this.#chain(this.#view.getUint32(0x30, true));
    const raw = this.#rawEntries(directory);
    const first = raw[0];
    if (!first) throw new RangeError('The directory of the compound file is missing.');
    this.#miniFat = this.#chain(this.#view.getUint32(0x3c, true));
    this.#miniStream = this.#chain(first.start);
    this.root = { ...first, path: '', name: '', kind: 'storage' };
    this.#walk(raw);
  }

  /** What of it is damaged or cut off, one sentence each. It grows while streams are read. */
  get problems(): string[] {
    return [...this.#problems];
  }

  streams(): CompoundEntry[] {
    return this.entries.filter(({ kind }) => kind === 'stream');
  }

  /** The first stream whose path is this, whatever the case of its letters. */
  find(path: string): CompoundEntry | undefined {
    const wanted = path.toLowerCase();
    return this.entries.find((entry) => entry.kind === 'stream' && entry.path.toLowerCase() === wanted);
  }

  /** Bytes of a stream, no more than `limit`. */
  read(entry: CompoundEntry, limit = Number.POSITIVE_INFINITY): Uint8Array {
    const wanted = Math.min(entry.size, limit);
    if (this.#left < 0) {
      this.#problems.add('Its streams overlap, and not all of them were read.');
      return new Uint8Array();
    }
    const small = entry.size < this.#miniCutoff;
    const content = small ? this.#readSmall(entry.start, wanted) : this.#readLarge(entry.start, wanted);
    this.#left -= content.length;
    if (content.length < wanted && this.#problems.size < MOST_PROBLEMS) {
      this.#problems.add(`The stream "${entry.path}" is cut off: ${content.length} of ${wanted} bytes.`);
    }
    return content;
  }

  /** Where a stream begins in the file. */
  offsetOf(entry: CompoundEntry): number | undefined {
    if (entry.size >= this.#miniCutoff) return this.#offset(entry.start);
    const sector = this.#miniStream[Math.floor((entry.start * 64) / this.#sectorSize)];
    return sector === undefined ? undefined : this.#offset(sector) + ((entry.start * 64) % this.#sectorSize);
  }

  #offset(sector: number): number {
    return (sector + 1) * this.#sectorSize;
  }

  #readFat(): void {
    const isSector = (sector: number) => sector < this.#sectors;
    for (let index = 0; index < 109; index++) {
      const sector = this.#view.getUint32(0x4c + 4 * index, true);
      if (isSector(sector)) this.#fat.push(sector);
      else if (sector < NO_SECTOR) this.#cutOff();
    }
    let next = this.#view.getUint32(0x44, true);
    const perSector = this.#sectorSize / 4 - 1;
    // No more tables than there are sectors, so that a circle ends.
    for (let tables = 0; isSector(next) && tables < this.#sectors; tables++) {
      const base = this.#offset(next);
      if (base + this.#sectorSize > this.#bytes.length || this.#fat.length > this.#sectors) break;
      for (let index = 0; index < perSector; index++) {
        const sector = this.#view.getUint32(base + 4 * index, true);
        if (isSector(sector)) this.#fat.push(sector);
      }
      next = this.#view.getUint32(base + 4 * perSector, true);
    }
  }

  #cutOff(): void {
    this.#problems.add('The compound file is cut off: sectors that it names are not there.');
  }

  /** The number at an index of a table that lies in these sectors. */
  #entryOf(table: readonly number[], index: number): number {
    const perSector = this.#sectorSize / 4;
    const sector = table[Math.floor(index / perSector)];
    if (sector === undefined) return NO_SECTOR;
    const at = this.#offset(sector) + 4 * (index % perSector);
    return at + 4 <= this.#bytes.length ? this.#view.getUint32(at, true) : NO_SECTOR;
  }

  /** The sectors of a chain, up to `most`. */
  #chain(start: number, most = this.#sectors): number[] {
    const found: number[] = [];
    let sector = start;
    while (sector < NO_SECTOR && found.length < most) {
      if (sector >= this.#sectors) {
        this.#cutOff();
        break;
      }
      found.push(sector);
      sector = this.#entryOf(this.#fat, sector);
    }
    return found;
  }

  #readLarge(start: number, wanted: number): Uint8Array {
    const parts = this.#chain(start, Math.ceil(wanted / this.#sectorSize)).map((sector) =>
      this.#bytes.subarray(this.#offset(sector), this.#offset(sector) + this.#sectorSize),
    );
    return joined(parts, wanted);
  }

  #readSmall(start: number, wanted: number): Uint8Array {
    const parts: Uint8Array[] = [];
    const perSector = this.#sectorSize / 64;
    for (let mini = start, left = wanted; left > 0 && mini < NO_SECTOR; left -= 64) {
      const sector = this.#miniStream[Math.floor(mini / perSector)];
      if (sector === undefined) break;
      const at = this.#offset(sector) + 64 * (mini % perSector);
      parts.push(this.#bytes.subarray(at, at + 64));
      mini = this.#entryOf(this.#miniFat, mini);
    }
    return joined(parts, wanted);
  }

  #rawEntries(directory: readonly number[]): RawEntry[] {
    const raw: RawEntry[] = [];
    for (const sector of directory) {
      for (let at = this.#offset(sector); at < this.#offset(sector + 1); at += 128) {
        if (at + 128 > this.#bytes.length || raw.length >= MOST_ENTRIES) return raw;
        raw.push(rawEntry(this.#bytes.subarray(at, at + 128), this.#sectorSize === 4096));
      }
    }
    return raw;
  }

  /** Names every entry by the storages that it lies in; what no storage holds is listed by its own name. */
  #walk(raw: readonly RawEntry[]): void {
    const seen = new Set<number>([0]);
    const open = [{ index: raw[0]?.child ?? NO_SECTOR, parent: '', depth: 0 }];
    for (let next = open.pop(); next; next = open.pop()) {
      const { index, parent, depth } = next;
      const entry = raw[index];
      if (!entry || entry.type === 0 || seen.has(index) || depth > DEEPEST) continue;
      seen.add(index);
      const path = parent ? `${parent}/${entry.name}` : entry.name;
      this.entries.push({ ...entry, path, kind: entry.type === 2 ? 'stream' : 'storage' });
      open.push({ index: entry.right, parent, depth }, { index: entry.left, parent, depth });
      if (entry.type !== 2) open.push({ index: entry.child, parent: path, depth: depth + 1 });
    }
    for (const [index, entry] of raw.entries()) {
      if (entry.type !== 2 || seen.has(index)) continue;
      this.entries.push({ ...entry, path: entry.name, kind: 'stream' });
    }
  }
}

export function isCompoundFile(bytes: Uint8Array): boolean {
  return bytes.length >= 512 && startsWith(bytes, COMPOUND_MAGIC);
}

interface RawEntry extends Pick<CompoundEntry, 'name' | 'clsid' | 'size' | 'start'> {
  type: number;
  left: number;
  right: number;
  child: number;
}

function rawEntry(bytes: Uint8Array, longSizes: boolean): RawEntry {
  const view = viewOf(bytes);
  const nameBytes = Math.min(64, Math.max(0, view.getUint16(64, true) - 2));
  const high = longSizes ? view.getUint32(124, true) : 0;
  return {
    name: utf16(bytes.subarray(0, nameBytes)),
    type: bytes[66] as number,
    left: view.getUint32(68, true),
    right: view.getUint32(72, true),
    child: view.getUint32(76, true),
    clsid: Buffer.from(bytes.subarray(80, 96)).toString('hex'),
    start: view.getUint32(116, true),
    size: high * 2 ** 32 + view.getUint32(120, true),
  };
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
  return all.subarray(0, length);
}
