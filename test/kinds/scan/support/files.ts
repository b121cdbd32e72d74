import { createHash } from 'node:crypto';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';

/** The test file that scanners agree to call malicious; never stored whole, so that no scanner removes this source. */
export function eicar(): Buffer {
  return Buffer.from(
    ['X5O!P%@AP[4', '\\PZX54(P^)7CC)7}$EICAR', '-STANDARD-ANTIVIRUS-', 'TEST-FILE!$H+H*'].join(''),
  );
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A gzip that gives so many zeros. */
export function bomb(bytes: number): Buffer {
  return gzipSync(Buffer.alloc(bytes), { level: 9 });
}

/** A ZIP of one file, as APPNOTE.TXT 4.3 has it. */
export async function zipOf(name: string, bytes: Buffer): Promise<Buffer> {
  const packed = deflateRawSync(bytes);
  const called = Buffer.from(name);
  const fields = Buffer.alloc(22);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(0x800, 2);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt16LE(0x21, 8);
  fields.writeUInt32LE(crc32(bytes), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(bytes.length, 18);
  const lengths = Buffer.alloc(4);
  lengths.writeUInt16LE(called.length, 0);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, lengths, called, packed]);
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00'),
    fields,
    lengths,
    Buffer.alloc(14),
    called,
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}
