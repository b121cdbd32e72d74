import type { ScannedFile } from '../../analysis/stage.ts';
import { LimitReached } from '../unpacker.ts';
import { type SevenZip, type StreamOperations, sevenZip } from './module.ts';
import { webAssembly } from './web-assembly.ts';

/** What 7-Zip reads; a file, or one put together from pieces. */
export type Input = Pick<ScannedFile, 'size' | 'read'>;

/** Told of the files that 7-Zip writes, one after the other. */
export interface Output {
  open(name: string): void;
  write(bytes: Uint8Array, position: number): void;
}

export interface Run {
  /** 7-Zip's exit code; null when it broke off. */
  code: number | null;
  lines: string[];
  /** What it wrote to its error output. */
  messages: string[];
  /** Whether there was more than is kept. */
  cut: boolean;
}

/** 20,000 entries are listed in about so many lines. */
const MAX_LINES = 500_000;
const MAX_MESSAGES = 2_000;
/** Directories and links cost memory too, and count as no children. */
const MAX_NODES = 20_000;

class TooMuch extends Error {}

/**
 * Calls 7-Zip in an instance of its own, in which there is one file to read, `/in`. What it writes goes to `output` and
 * is kept nowhere.
 * @param messages takes 7-Zip's error output while it runs
 * @throws LimitReached from the output
 */
export async function run7z(
  args: readonly string[],
  input: Input,
  output?: Output,
  messages: string[] = [],
): Promise<Run> {
  const result: Run = { code: null, lines: [], messages, cut: false };
  const keep = (list: string[], most: number) => (line: string) => {
    if (list.length >= most) throw new TooMuch();
    list.push(line);
  };
  const instance = await sevenZip(keep(result.lines, MAX_LINES), keep(result.messages, MAX_MESSAGES));
  giveInput(instance, input);
  takeOutput(instance, {
    open: (name) => output?.open(name),
    write: (bytes, position) => output?.write(bytes, position),
  });
  try {
    result.code = instance.callMain([...args]);
  } catch (error) {
    if (error instanceof LimitReached) throw error;
    result.cut = error instanceof TooMuch;
    // Damaged input ends 7-Zip with a number, too little memory with a RuntimeError.
    if (!result.cut && error instanceof Error && !(error instanceof webAssembly.RuntimeError)) throw error;
  }
  return result;
}

function giveInput({ FS }: SevenZip, input: Input): void {
  FS.writeFile('/in', new Uint8Array(0));
  const { node } = FS.lookupPath('/in');
  node.usedBytes = input.size;
  node.stream_ops = {
    llseek: FS.filesystems.MEMFS.ops_table.file.stream.llseek,
    read(_stream, buffer, offset, length, position) {
      const bytes = input.read(position, Math.min(position + length, input.size));
      buffer.set(bytes, offset);
      return bytes.length;
    },
  };
}

function takeOutput({ FS }: SevenZip, output: Output): void {
  FS.mkdir('/out');
  FS.chdir('/out');
  const { dir, file } = FS.filesystems.MEMFS.ops_table;
  const written: Partial<StreamOperations> = {
    open: ({ path }) => output.open(path.slice(path.lastIndexOf('/') + 1)),
    write(_stream, buffer, offset, length, position) {
      output.write(new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length), position);
      return length;
    },
    allocate() {},
  };
  Object.assign(file.stream, written);
  const setAttributes = file.node.setattr;
  // A file's size may be set before anything is written: as much would be allocated.
  file.node.setattr = (node, { size: _, ...others }) => setAttributes(node, others);
  let nodes = 0;
  for (const operation of ['mknod', 'symlink'] as const) {
    const create = dir.node[operation];
    dir.node[operation] = (...of) => {
      if (++nodes > MAX_NODES) throw new TooMuch();
      return create(...of);
    };
  }
}
