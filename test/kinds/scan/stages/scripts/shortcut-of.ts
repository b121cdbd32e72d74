interface Parts {
  arguments?: string;
  relativePath?: string;
  icon?: string;
  environmentPath?: string;
  /** Each a name of the list of items: a drive, then folders and the file. */
  items?: readonly string[];
  wide?: boolean;
  showCommand?: number;
  behind?: Buffer;
}

const number = (value: number, bytes: 2 | 4) => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
};

/** A shortcut by MS-SHLLINK, of the parts that are given. */
export function shortcutOf({ items, wide = true, showCommand = 1, behind, ...parts }: Parts): Buffer {
  const strings = [
    [0x8, parts.relativePath],
    [0x20, parts.arguments],
    [0x40, parts.icon],
  ] as const;
  let flags = (wide ? 0x80 : 0) | (items ? 1 : 0);
  const chunks: Buffer[] = [];
  if (items) {
    const list = Buffer.concat([...items.map((name, index) => itemOf(name, index)), number(0, 2)]);
    chunks.push(number(list.length, 2), list);
  }
  for (const [flag, text] of strings) {
    if (text === undefined) continue;
    flags |= flag;
    chunks.push(number(text.length, 2), Buffer.from(text, wide ? 'utf16le' : 'latin1'));
  }
  if (parts.environmentPath !== undefined) {
    const block = Buffer.alloc(788);
    block.writeUInt32LE(788, 0);
    block.writeUInt32LE(0xa0000001, 4);
    block.write(parts.environmentPath, 268, 'utf16le');
    chunks.push(block);
  }
  const header = Buffer.alloc(76);
  Buffer.from('4c0000000114020000000000c000000000000046', 'hex').copy(header);
  header.writeUInt32LE(flags, 20);
  header.writeUInt32LE(showCommand, 60);
  return Buffer.concat([header, ...chunks, number(0, 4), behind ?? Buffer.alloc(0)]);
}

function itemOf(name: string, index: number): Buffer {
  if (index === 0) {
    const drive = Buffer.alloc(23);
    drive[0] = 0x2f;
    drive.write(`${name}\\`, 1);
    return Buffer.concat([number(25, 2), drive]);
  }
  const short = Buffer.from(`${name.slice(0, 6).toUpperCase()}~1\0`, 'latin1');
  const padded = Buffer.concat([short, Buffer.alloc(short.length % 2)]);
  const long = Buffer.from(`${name}\0`, 'utf16le');
  // Version 9 of the block that has the long name.
  const block = Buffer.concat([
    number(46 + long.length + 2, 2),
    number(9, 2),
    number(0xbeef0004, 4),
    Buffer.alloc(38),
    long,
    number(14, 2),
  ]);
  const head = Buffer.alloc(12);
  head[0] = 0x31;
  return Buffer.concat([number(2 + head.length + padded.length + block.length, 2), head, padded, block]);
}
