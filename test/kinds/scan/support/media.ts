import { crc32, deflateSync } from 'node:zlib';

const bytes = (...values: number[]) => Buffer.from(values);

function jpegSegment(marker: number, content: Uint8Array | string): Buffer {
  const data = Buffer.from(content as string, 'latin1');
  const head = bytes(0xff, marker, 0, 0);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

/** The shape of a JPEG: two scans with stuffed bytes and restart marks, and whatever comment. */
export function jpegOf({ comment = 'holiday', from = Buffer.alloc(0) as Uint8Array } = {}): Buffer {
  const scan = Buffer.concat([
    jpegSegment(0xda, 'scan head'),
    bytes(1, 2, 0xff, 0, 3, 0xff, 0xd0, 0xff, 0xff, 0, 9),
  ]);
  return Buffer.concat([
    bytes(0xff, 0xd8),
    jpegSegment(0xe0, 'JFIF\0'),
    jpegSegment(0xfe, comment),
    from,
    scan,
    scan,
    bytes(0xff, 0xd9),
  ]);
}

export function pngOf(chunks: Record<string, Uint8Array | string> = {}): Buffer {
  const chunk = (name: string, content: Uint8Array | string) => {
    const data = Buffer.concat([Buffer.from(name), Buffer.from(content as string, 'latin1')]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length - 4);
    frame.writeUInt32BE(crc32(data), 4);
    return Buffer.concat([frame.subarray(0, 4), data, frame.subarray(4)]);
  };
  const header = Buffer.from('00000001000000010800000000', 'hex');
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    ...Object.entries(chunks).map(([name, data]) => chunk(name, data)),
    chunk('IDAT', deflateSync(bytes(0, 0))),
    chunk('IEND', ''),
  ]);
}

export function gifOf(comment = 'made by hand'): Buffer {
  const text = Buffer.from(comment, 'latin1');
  return Buffer.concat([
    Buffer.from('GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1'),
    Buffer.concat([bytes(0x21, 0xfe, text.length), text, bytes(0)]),
    bytes(0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b),
  ]);
}

export function bmpOf(): Buffer {
  const bmp = Buffer.alloc(54 + 4);
  bmp.write('BM');
  bmp.writeUInt32LE(bmp.length, 2);
  bmp.writeUInt32LE(54, 10);
  bmp.writeUInt32LE(40, 14);
  bmp.writeUInt32LE(1, 18);
  bmp.writeUInt32LE(1, 22);
  bmp.writeUInt16LE(24, 28);
  return bmp;
}

export function riffOf(kind: string): Buffer {
  const riff = Buffer.alloc(20);
  riff.write('RIFF');
  riff.writeUInt32LE(12, 4);
  riff.write(`${kind}data`, 8);
  return riff;
}

export function mp4Of(): Buffer {
  return Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x0cmdatfilm', 'latin1');
}

/** A program with one section, a certificate if asked for, and whatever behind. */
export function peOf({ certificate = '' as Uint8Array | string } = {}): Buffer {
  const pe = Buffer.alloc(1024);
  pe.write('MZ');
  pe.writeUInt32LE(64, 60);
  pe.write('PE\0\0', 64);
  pe.writeUInt16LE(1, 70);
  pe.writeUInt16LE(240, 84);
  pe.writeUInt16LE(0x20b, 88);
  const section = 88 + 240;
  pe.writeUInt32LE(512, section + 16);
  pe.writeUInt32LE(512, section + 20);
  const signature = Buffer.from(certificate as string, 'latin1');
  if (signature.length > 0) {
    pe.writeUInt32LE(1024, 88 + 112 + 32);
    pe.writeUInt32LE(signature.length, 88 + 112 + 36);
  }
  return Buffer.concat([pe, signature]);
}

export function elfOf(): Buffer {
  const elf = Buffer.alloc(64 + 56 + 16);
  elf.write('\x7fELF\x02\x01\x01', 'latin1');
  elf.writeUInt32LE(64, 32);
  elf.writeUInt16LE(56, 54);
  elf.writeUInt16LE(1, 56);
  elf.writeUInt32LE(64 + 56, 64 + 8);
  elf.writeUInt32LE(16, 64 + 32);
  return elf;
}

export const pdfOf = (body = '') =>
  Buffer.from(`%PDF-1.7\n1 0 obj\n<<>>\nendobj\n${body}trailer\n<<>>\nstartxref\n9\n%%EOF\n`, 'latin1');

/** The descriptors of a disc of so many sectors, and nothing on it. */
export function isoOf(sectors = 20): Buffer {
  const iso = Buffer.alloc(sectors * 2048);
  iso.write('\x01CD001', 0x8000, 'latin1');
  iso.writeUInt32LE(sectors, 0x8000 + 80);
  iso.writeUInt16LE(2048, 0x8000 + 128);
  return iso;
}

export function shortcutOf(): Buffer {
  const head = Buffer.alloc(76);
  head.writeUInt32LE(76);
  head.writeUInt32LE(0x20 | 0x80, 20);
  return Buffer.concat([head, Buffer.from('\x02\0a\0b\0\x08\0\0\0more\0\0\0\0', 'latin1')]);
}
