import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { INT16, niftiFile } from './nifti-file.ts';
import { type PhantomOptions, phantom } from './phantom.ts';

/** A phantom in a file, with what is known of it. */
export interface WrittenPhantom {
  path: string;
  /** The label at each voxel's centre, as the file has its voxels. */
  labels: Uint8Array;
  /** Millilitres of each label. */
  volumesMl: number[];
}

/** Drawn in a process of its own: many times as fast as inside a test runner, which looks up every global anew. */
export async function writePhantom(path: string, options: PhantomOptions): Promise<WrittenPhantom> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [
    '--no-warnings',
    import.meta.filename,
    path,
    JSON.stringify(options),
  ]);
  return { path, labels: new Uint8Array(await readFile(`${path}.labels`)), volumesMl: JSON.parse(stdout) };
}

if (process.argv[1] === import.meta.filename) {
  const [path, options] = process.argv.slice(2) as [string, string];
  const { labels, volumesMl, ...volume } = phantom(JSON.parse(options));
  await writeFile(path, niftiFile({ ...volume, data: Int16Array.from(volume.data) }, INT16));
  await writeFile(`${path}.labels`, labels);
  process.stdout.write(JSON.stringify(volumesMl));
}
