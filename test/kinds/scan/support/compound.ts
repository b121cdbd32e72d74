import CFB from 'cfb';

/** A compound file as the library `cfb` writes it: path to bytes, and class identifiers of storages. */
export function compoundOf(
  streams: Record<string, Uint8Array | string>,
  { rootClsid = '' }: { rootClsid?: string } = {},
): Buffer {
  const file = CFB.utils.cfb_new();
  for (const [path, content] of Object.entries(streams)) {
    CFB.utils.cfb_add(file, `/${path}`, Buffer.from(content as string, 'latin1'));
  }
  const root = file.FileIndex[0] as unknown as { clsid: string };
  if (rootClsid) root.clsid = rootClsid;
  return CFB.write(file, { type: 'buffer' }) as Buffer;
}

/** MS-OVBA 2.4.1, every chunk of literals: what a compressor may write as well. */
export function vbaContainer(text: string | Uint8Array): Buffer {
  const bytes = Buffer.from(text as string, 'latin1');
  const pieces = [Buffer.from([1])];
  for (let at = 0; at < bytes.length; at += 3600) {
    const chunk: Buffer[] = [];
    for (let from = at; from < Math.min(at + 3600, bytes.length); from += 8) {
      chunk.push(Buffer.from([0]), bytes.subarray(from, Math.min(from + 8, at + 3600, bytes.length)));
    }
    const data = Buffer.concat(chunk);
    const head = Buffer.alloc(2);
    head.writeUInt16LE(0xb000 | (data.length - 1));
    pieces.push(head, data);
  }
  return Buffer.concat(pieces);
}

/** The streams of a VBA project with these modules, under a storage. */
export function vbaStreams(modules: Record<string, string>, prefix = ''): Record<string, Buffer> {
  const record = (id: number, data: Buffer | string) => {
    const bytes = Buffer.from(data as string, 'latin1');
    const head = Buffer.alloc(6);
    head.writeUInt16LE(id);
    head.writeUInt32LE(bytes.length, 2);
    return Buffer.concat([head, bytes]);
  };
  const directory = [record(0x03, Buffer.from([0xe4, 4])), record(0x09, Buffer.alloc(4)), Buffer.alloc(2)];
  const streams: Record<string, Buffer> = {};
  for (const [name, code] of Object.entries(modules)) {
    directory.push(
      record(0x1a, name),
      record(0x32, Buffer.from(name, 'utf16le')),
      record(0x31, Buffer.alloc(4)),
    );
    streams[`${prefix}VBA/${name}`] = vbaContainer(`Attribute VB_Name = "${name}"\r\n${code}`);
  }
  return {
    [`${prefix}VBA/dir`]: vbaContainer(Buffer.concat(directory)),
    [`${prefix}VBA/_VBA_PROJECT`]: Buffer.from('cc61ffff000000', 'hex'),
    ...streams,
  };
}

/** A file as the Object Packager writes it; in a stream `\x01Ole10Native` with its length before it. */
export function olePackage(name: string, content: Uint8Array | string): Buffer {
  const bytes = Buffer.from(content as string, 'latin1');
  const path = Buffer.from(`C:\\${name}\0`, 'latin1');
  const numbers = Buffer.alloc(8);
  numbers.writeUInt16LE(3, 2);
  numbers.writeUInt32LE(path.length, 4);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(bytes.length);
  return Buffer.concat([
    Buffer.from([2, 0]),
    Buffer.from(`${name}\0`, 'latin1'),
    path,
    numbers,
    path,
    size,
    bytes,
    Buffer.alloc(2),
  ]);
}

export function ole10Native(name: string, content: Uint8Array | string): Buffer {
  const packaged = olePackage(name, content);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(packaged.length);
  return Buffer.concat([size, packaged]);
}

/** Enough of a program to be known as one. */
export const program = (() => {
  const bytes = Buffer.alloc(128);
  bytes.write('MZ', 'latin1');
  bytes.writeUInt32LE(64, 0x3c);
  bytes.write('PE\0\0', 64, 'latin1');
  return bytes;
})();
