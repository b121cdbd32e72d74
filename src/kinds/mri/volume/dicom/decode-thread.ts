import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

/** Files to unpack, and what came of them: one NIfTI file, or nothing. */
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

const quiet = () => {};
/** The package lets nobody import this one of its files by name, and its others are for browsers. */
const manifest = findPackageJSON('@niivue/dcm2niix', import.meta.url) as string;
const address = pathToFileURL(join(dirname(manifest), 'dist', 'dcm2niix.jpeg.js')).href;
const { default: create } = (await import(address)) as { default: (options: object) => Promise<Converter> };
const converter = await create({ noInitialRun: true, print: quiet, printErr: quiet });
const { files } = workerData as { files: Uint8Array[] };

converter.FS.mkdir('/in');
converter.FS.mkdir('/out');
for (const [n, bytes] of files.entries()) converter.FS.writeFile(`/in/${n}.dcm`, bytes);
// One file, not packed, with its values as they are, and no description beside it.
converter.callMain(['-f', 'volume', '-z', 'n', '-b', 'n', '-l', 'o', '-o', '/out', '/in']);
const made = converter.FS.readdir('/out').filter((name) => name.endsWith('.nii'));
const [only] = made;
const nifti = made.length === 1 ? converter.FS.readFile(`/out/${only}`) : null;
parentPort?.postMessage({ nifti } satisfies Decoded);
