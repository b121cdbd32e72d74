import type { ScannedFile } from '../../analysis/stage.ts';

const CHUNK = 1024 ** 2;
/** Sections may overlap and repeat, so that the bytes whose entropy is counted are bounded over all of them. */
const MAX_BYTES = 64 * CHUNK;

export interface EntropyBudget {
  left: number;
}

/** Reads numbers and names at any place of a file; what lies beyond its end reads as 0 and as no name. */
export class Fields {
  readonly #file: ScannedFile;
  readonly #little: boolean;
  readonly budget: EntropyBudget;

  constructor(file: ScannedFile, little = true, budget: EntropyBudget = { left: MAX_BYTES }) {
    this.#file = file;
    this.#little = little;
    this.budget = budget;
  }

  get size(): number {
    return this.#file.size;
  }

  u8(at: number): number {
    return this.bytes(at, 1)[0] ?? 0;
  }

  u16(at: number): number {
    const bytes = this.bytes(at, 2);
    if (bytes.length < 2) return 0;
    return this.#little ? bytes.readUInt16LE() : bytes.readUInt16BE();
  }

  u32(at: number): number {
    const bytes = this.bytes(at, 4);
    if (bytes.length < 4) return 0;
    return this.#little ? bytes.readUInt32LE() : bytes.readUInt32BE();
  }

  /** 64 bits; what is no whole number of ours is beyond any file. */
  u64(at: number): number {
    const [low, high] = this.#little ? [this.u32(at), this.u32(at + 4)] : [this.u32(at + 4), this.u32(at)];
    return high * 2 ** 32 + low;
  }

  /** An address of the given width. */
  address(at: number, wide: boolean): number {
    return wide ? this.u64(at) : this.u32(at);
  }

  bytes(at: number, length: number): Buffer {
    if (!(at >= 0 && at < this.#file.size) || length <= 0) return Buffer.alloc(0);
    const bytes = this.#file.read(at, Math.min(this.#file.size, at + length));
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Up to the first zero, at most `most` characters; what is not printable is a dot. */
  name(at: number, most = 256): string {
    const bytes = this.bytes(at, most);
    const end = bytes.indexOf(0);
    return bytes.toString('latin1', 0, end < 0 ? bytes.length : end).replaceAll(/[^\x20-\x7e]/g, '.');
  }
}

/** Bits a byte, of a part of the file, as far as the budget goes. */
export function entropyOf(fields: Fields, from: number, length: number): number | null {
  const counts = new Uint32Array(256);
  const end = Math.min(fields.size, from + Math.min(length, fields.budget.left));
  if (!(end > from && from >= 0)) return null;
  fields.budget.left -= end - from;
  for (let at = from; at < end; at += CHUNK)
    for (const byte of fields.bytes(at, Math.min(CHUNK, end - at)))
      counts[byte] = (counts[byte] as number) + 1;
  let bits = 0;
  for (const times of counts) if (times > 0) bits -= (times / (end - from)) * Math.log2(times / (end - from));
  return Math.round(bits * 100) / 100;
}

/** What packers leave in the names of sections. */
const packers: readonly (readonly [RegExp, string])[] = [
  [/^UPX\d|^\.?UPX!/, 'UPX'],
  [/^\.aspack|^\.adata/i, 'ASPack'],
  [/^\.MPRESS/i, 'MPRESS'],
  [/^\.(?:themida|winlice)/i, 'Themida'],
  [/^\.vmp\d/i, 'VMProtect'],
  [/^\.petite/i, 'Petite'],
  [/^(?:pec\d?|PEC2)/, 'PECompact'],
  [/^\.(?:enigma\d|ndata)$/i, 'Enigma or NSIS'],
  [/^_winzip_$/i, 'WinZip'],
  [/^\.nsp\d/i, 'NsPack'],
];

export function packerHints(
  sections: readonly { name: string; entropy: number | null; executable: boolean }[],
): string[] {
  const named = sections.flatMap(({ name }) =>
    packers.filter(([pattern]) => pattern.test(name)).map(([, packer]) => packer),
  );
  const packed = sections
    .filter(({ entropy, executable }) => executable && (entropy ?? 0) > 7.2)
    .map(({ name }) => `code of high entropy in ${name}`);
  return [...new Set([...named, ...packed])].slice(0, 20);
}
