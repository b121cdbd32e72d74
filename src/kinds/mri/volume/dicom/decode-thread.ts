import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort } from 'node:worker_threads';

/** What came of the files that were sent: one NIfTI file, or nothing. */
export interface Decoded {
  nifti: Uint8Array | null;
}

interface Converter {
  FS: {
    mkdir(path: string): void;
    writeFile(path: string, bytes: Uint8Array): void;
    readdir(path: string): string[];
    readFile(path: string): Uint8Array;
  };
  callMain(args: string[]): number;
}

/** Of WebAssembly, which Node's types leave to the browser's. */
interface WebAssembly {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: object };
}

type Create = (options: {
  noInitialRun: boolean;
  print(): void;
  printErr(): void;
  instantiateWasm(imports: object, done: (instance: object) => void): object;
}) => Promise<Converter>;

/** The package lets nobody import this one of its files by name, and its others are for browsers. */
const folder = join(dirname(findPackageJSON('@niivue/dcm2niix', import.meta.url) as string), 'dist');
const { default: create } = (await import(pathToFileURL(join(folder, 'dcm2niix.jpeg.js')).href)) as {
  default: Create;
};
const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssembly }).WebAssembly;
const compiled = new Module(readFileSync(join(folder, 'dcm2niix.jpeg.wasm')));

parentPort?.on('message', async (files: readonly Uint8Array[]) => {
  let nifti: Uint8Array | null = null;
  try {
    nifti = await convert(files);
  } catch {
    // It ends in the middle where the bytes are damaged.
  }
  parentPort?.postMessage({ nifti } satisfies Decoded);
});

/** A new instance each time: the program was written to run once. */
async function convert(files: readonly Uint8Array[]): Promise<Uint8Array | null> {
  const { FS, callMain } = await create({
    noInitialRun: true,
    print() {},
    printErr() {},
    instantiateWasm(imports, done) {
      const instance = new Instance(compiled, imports);
      done(instance);
      return instance.exports;
    },
  });
  FS.mkdir('/in');
  FS.mkdir('/out');
  for (const [n, bytes] of files.entries()) FS.writeFile(`/in/${n}.dcm`, bytes);
  // One file, not packed, with its values as they are, and no description beside it.
  callMain(['-f', 'volume', '-z', 'n', '-b', 'n', '-l', 'o', '-o', '/out', '/in']);
  const [made, ...more] = FS.readdir('/out').filter((name) => name.endsWith('.nii'));
  return made !== undefined && more.length === 0 ? FS.readFile(`/out/${made}`) : null;
}
