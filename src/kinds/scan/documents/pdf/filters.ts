import { constants, inflateRawSync, inflateSync } from 'node:zlib';
import { ByteSink, HexSink } from '../byte-sink.ts';
import { unpredict } from './predictor.ts';
import { PdfDict, PdfName, type PdfStream, type PdfValue } from './values.ts';

type Resolve = (value: PdfValue) => PdfValue;

/** Filters of pictures, which are no bytes that anybody executes. */
const ofPictures = new Set(['DCTDecode', 'DCT', 'JPXDecode', 'CCITTFaxDecode', 'CCF', 'JBIG2Decode']);

/**
 * The bytes of a stream, as far as its filters go.
 * @returns null where a filter is unknown, its data damaged, or its result larger than `limit`
 */
export function decodeStream(stream: PdfStream, resolve: Resolve, limit: number): Uint8Array | null {
  const names = asList(resolve(stream.dict.get('Filter') ?? stream.dict.get('F')));
  const parameters = asList(resolve(stream.dict.get('DecodeParms') ?? stream.dict.get('DP')));
  let bytes: Uint8Array | null = stream.raw;
  // A chain of many filters is a bomb, or somebody hides.
  for (const [index, filter] of names.slice(0, 16).entries()) {
    const name = resolve(filter);
    if (!(name instanceof PdfName) || ofPictures.has(name.name)) return bytes;
    const stated = resolve(parameters[index] ?? null);
    bytes = decode(name.name, bytes, stated instanceof PdfDict ? stated : null, resolve, limit);
    if (!bytes || bytes.length > limit) return null;
  }
  return bytes;
}

function asList(value: PdfValue): PdfValue[] {
  if (Array.isArray(value)) return value;
  return value === null ? [] : [value];
}

function decode(
  name: string,
  bytes: Uint8Array,
  parameters: PdfDict | null,
  resolve: Resolve,
  limit: number,
): Uint8Array | null {
  const number = (key: string, otherwise: number) => {
    const value = resolve(parameters?.get(key) ?? null);
    return typeof value === 'number' ? value : otherwise;
  };
  const unpredicted = (found: Uint8Array | null) =>
    found &&
    unpredict(
      found,
      number('Predictor', 1),
      number('Colors', 1) * number('BitsPerComponent', 8),
      number('Columns', 1),
    );
  switch (name) {
    case 'FlateDecode':
    case 'Fl':
      return unpredicted(inflate(bytes, limit));
    case 'LZWDecode':
    case 'LZW':
      return unpredicted(lzw(bytes, number('EarlyChange', 1), limit));
    case 'ASCIIHexDecode':
    case 'AHx':
      return asciiHex(bytes);
    case 'ASCII85Decode':
    case 'A85':
      return ascii85(bytes);
    case 'RunLengthDecode':
    case 'RL':
      return runLength(bytes, limit);
    default:
      return name === 'Crypt' ? bytes : null;
  }
}

/** What is cut off gives what there is; a wrong checksum is forgiven, as readers do. */
function inflate(bytes: Uint8Array, limit: number): Uint8Array | null {
  const options = { maxOutputLength: limit, finishFlush: constants.Z_SYNC_FLUSH };
  for (const [read, from] of [
    [inflateSync, 0],
    [inflateRawSync, 2],
    [inflateRawSync, 0],
  ] as const) {
    try {
      return read(bytes.subarray(from), options);
    } catch (error) {
      if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') return null;
    }
  }
  return null;
}

function lzw(bytes: Uint8Array, earlyChange: number, limit: number): Uint8Array {
  const sink = new ByteSink();
  // Each entry is where it stands in what was written, and how long it is.
  let table: [number, number][] = [];
  let width = 9;
  let previous: [number, number] | null = null;
  for (let bit = 0; bit + width <= bytes.length * 8 && sink.length <= limit; ) {
    let code = 0;
    for (let index = 0; index < width; index++, bit++) {
      code = (code << 1) | (((bytes[bit >> 3] as number) >> (7 - (bit & 7))) & 1);
    }
    if (code === 257) break;
    if (code === 256) {
      table = [];
      width = 9;
      previous = null;
      continue;
    }
    const at = sink.length;
    if (code < 256) sink.push(code);
    else {
      const entry: [number, number] | undefined =
        table[code - 258] ?? (previous ? [previous[0], previous[1] + 1] : undefined);
      if (!entry || code - 258 > table.length) break;
      for (let index = 0; index < entry[1]; index++) sink.push(sink.bytes[entry[0] + index] as number);
    }
    if (previous && table.length < 4096 - 258) table.push([previous[0], previous[1] + 1]);
    previous = [at, sink.length - at];
    const next = table.length + 258 + earlyChange;
    width = next >= 2048 ? 12 : next >= 1024 ? 11 : next >= 512 ? 10 : 9;
  }
  return sink.bytes;
}

function asciiHex(bytes: Uint8Array): Uint8Array {
  const sink = new HexSink();
  for (const code of bytes) {
    if (code === 0x3e) break;
    sink.digit(code);
  }
  sink.end();
  return sink.bytes;
}

function ascii85(bytes: Uint8Array): Uint8Array {
  const sink = new ByteSink();
  let group: number[] = [];
  const put = (count: number) => {
    const value = group.reduce((sum, digit) => sum * 85 + digit, 0) % 2 ** 32;
    for (let index = 0; index < count; index++) sink.push(Math.floor(value / 256 ** (3 - index)) & 0xff);
    group = [];
  };
  for (const code of bytes) {
    if (code === 0x7e) break;
    if (code === 0x7a && group.length === 0) sink.append(new Uint8Array(4));
    else if (code >= 0x21 && code <= 0x75 && group.push(code - 0x21) === 5) put(4);
  }
  if (group.length > 1) {
    const count = group.length - 1;
    while (group.length < 5) group.push(84);
    put(count);
  }
  return sink.bytes;
}

function runLength(bytes: Uint8Array, limit: number): Uint8Array {
  const sink = new ByteSink();
  for (let at = 0; at < bytes.length && sink.length <= limit; ) {
    const length = bytes[at++] as number;
    if (length === 128) break;
    if (length < 128) {
      sink.append(bytes.subarray(at, at + length + 1));
      at += length + 1;
    } else sink.append(new Uint8Array(257 - length).fill(bytes[at++] ?? 0));
  }
  return sink.bytes;
}
