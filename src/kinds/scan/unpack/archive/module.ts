import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type CompiledModule, type Instance, type Memory, webAssembly } from './web-assembly.ts';

/** What we use of Emscripten's file system; 7z-wasm's own types leave out how a stream is served. */
export interface Stream {
  path: string;
}
export interface StreamOperations {
  llseek(stream: Stream, offset: number, whence: number): number;
  read(stream: Stream, buffer: Int8Array, offset: number, length: number, position: number): number;
  write(stream: Stream, buffer: Int8Array, offset: number, length: number, position: number): number;
  allocate?(stream: Stream, offset: number, length: number): void;
  open?(stream: Stream): void;
  close?(stream: Stream): void;
}
interface FileNode {
  usedBytes: number;
  stream_ops: Partial<StreamOperations>;
}
type Attributes = Record<string, unknown> & { size?: number };
export interface MemoryFiles {
  ops_table: {
    dir: { node: { mknod(...of: unknown[]): unknown; symlink(...of: unknown[]): unknown } };
    file: {
      node: { setattr(node: FileNode, attributes: Attributes): void };
      stream: StreamOperations;
    };
  };
}
export interface SevenZip {
  FS: {
    filesystems: { MEMFS: MemoryFiles };
    mkdir(path: string): void;
    chdir(path: string): void;
    writeFile(path: string, bytes: Uint8Array): void;
    readFile(path: string): Uint8Array;
    lookupPath(path: string): { node: FileNode };
  };
  callMain(args: string[]): number;
}

const require = createRequire(import.meta.url);
type Factory = (options: Record<string, unknown>) => Promise<SevenZip>;

let compiled: CompiledModule | undefined;

/**
 * Dictionaries are as large as an archive says. This is enough for 256 MiB, the largest that 7-Zip's own levels use;
 * what needs more cannot be opened, and says so.
 */
const MAX_MEMORY = 280 * 1024 ** 2;

/**
 * An instance of 7-Zip, which is good for one call of `callMain`: damaged input ends a call by an exception that leaves
 * the instance in no known state. It takes 2 ms, since the module is compiled once.
 * @param say is called with each line of output
 * @param complain with each line of messages
 */
export async function sevenZip(
  say: (line: string) => void,
  complain: (line: string) => void,
): Promise<SevenZip> {
  compiled ??= await webAssembly.compile(readFileSync(require.resolve('7z-wasm/7zz.wasm')));
  const module = compiled;
  const create = require('7z-wasm') as Factory;
  return await create({
    stdin: () => null,
    print: say,
    printErr: complain,
    // Its own would set the exit code of the process.
    quit: (_code: number, thrown: unknown) => {
      throw thrown;
    },
    instantiateWasm(imports: object, done: (instance: Instance, module: CompiledModule) => void) {
      const instance = new webAssembly.Instance(module, imports);
      boundMemory(instance.exports.memory as Memory);
      done(instance, module);
    },
  });
}

function boundMemory(memory: Memory): void {
  const grow = memory.grow.bind(memory);
  memory.grow = (pages) => {
    if (memory.buffer.byteLength + pages * 65_536 > MAX_MEMORY) throw new RangeError('No more memory.');
    return grow(pages);
  };
}
