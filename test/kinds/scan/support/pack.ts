import { createRequire } from 'node:module';

interface Packer {
  FS: {
    writeFile(path: string, bytes: Uint8Array | string): void;
    readFile(path: string): Uint8Array;
  };
  callMain(args: string[]): number;
}
type Factory = (options: object) => Promise<Packer>;

/**
 * An archive that 7-Zip makes.
 * @param format as `-t` takes it
 */
export async function packed(
  format: string,
  files: Record<string, Uint8Array | string>,
  ...switches: string[]
): Promise<Buffer> {
  const create = createRequire(import.meta.url)('7z-wasm') as Factory;
  const quit = (_: number, thrown: unknown) => {
    throw thrown;
  };
  const packer = await create({ stdin: () => null, print() {}, printErr() {}, quit });
  for (const [name, bytes] of Object.entries(files)) packer.FS.writeFile(name, bytes);
  const code = packer.callMain(['a', `-t${format}`, ...switches, '/packed.bin', ...Object.keys(files)]);
  if (code !== 0) throw new Error(`7-Zip answered ${code}.`);
  return Buffer.from(packer.FS.readFile('/packed.bin'));
}
