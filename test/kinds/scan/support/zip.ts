import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipFile {
  name: string;
  bytes?: Uint8Array | string;
  method?: 0 | 8;
  flags?: number;
  /** What the header before the data says instead. */
  local?: Partial<Told>;
  /** What the directory says instead; null leaves the file out of it. */
  central?: Partial<Told & { localAt: number; attributes: number }> | null;
}

interface Told {
  name: string;
  method: number;
  flags: number;
  crc: number;
  compressed: number;
  size: number;
}

/** A ZIP, as good or as bad as it is asked for. */
export function zipOf(files: readonly ZipFile[], { comment = '' } = {}): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const file of files) {
    const told = toldOf(file);
    const header = localHeader({ ...told, ...file.local });
    if (file.central !== null)
      directory.push(centralHeader({ ...told, localAt: at, attributes: 0, ...file.central }));
    pieces.push(header, told.data);
    at += header.length + told.data.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...pieces, listed, end, Buffer.from(comment, 'latin1')]);
}

function toldOf({ name, bytes = '', method = 8, flags = 0 }: ZipFile) {
  const plain = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : Buffer.from(bytes);
  const data = method === 0 ? plain : deflateRawSync(plain);
  return { name, method, flags, crc: crc32(plain), compressed: data.length, size: plain.length, data };
}

function localHeader({ name, method, flags, crc, compressed, size }: Told): Buffer {
  const bytes = Buffer.from(name);
  const head = Buffer.alloc(30);
  head.write('PK\x03\x04', 'latin1');
  head.writeUInt16LE(20, 4);
  head.writeUInt16LE(flags, 6);
  head.writeUInt16LE(method, 8);
  head.writeUInt32LE(crc, 14);
  head.writeUInt32LE(compressed, 18);
  head.writeUInt32LE(size, 22);
  head.writeUInt16LE(bytes.length, 26);
  return Buffer.concat([head, bytes]);
}

function centralHeader(told: Told & { localAt: number; attributes: number }): Buffer {
  const bytes = Buffer.from(told.name);
  const head = Buffer.alloc(46);
  head.write('PK\x01\x02', 'latin1');
  head.writeUInt16LE(0x0314, 4);
  head.writeUInt16LE(20, 6);
  head.writeUInt16LE(told.flags, 8);
  head.writeUInt16LE(told.method, 10);
  head.writeUInt32LE(told.crc, 16);
  head.writeUInt32LE(told.compressed, 20);
  head.writeUInt32LE(told.size, 24);
  head.writeUInt16LE(bytes.length, 28);
  head.writeUInt32LE(told.attributes, 38);
  head.writeUInt32LE(told.localAt, 42);
  return Buffer.concat([head, bytes]);
}
