import { writeFileSync } from 'node:fs';
import { sevenZip } from '../unpack/archive/module.ts';
import { type FileToOpen, openScannedFile } from './opened-file.ts';

export interface SealTask extends FileToOpen {
  task: 'scanSeal';
  /** Where the archive is written. */
  into: string;
}

/** What analysts' tools try first, and what keeps others from opening it by mistake. */
export const SEAL_PASSWORD = 'infected';

/**
 * Puts a file into a ZIP with AES-256, so that nothing on the way opens, runs or removes it. It is called `file.bin` in
 * there, since its own name may be part of a trick.
 * @throws FileTooLarge
 */
export async function seal(task: SealTask): Promise<{ bytes: number }> {
  const opened = openScannedFile(task);
  try {
    const bytes = opened.bytes();
    const messages: string[] = [];
    const { FS, callMain } = await sevenZip(
      () => {},
      (line) => messages.push(line),
    );
    FS.writeFile('/file.bin', bytes);
    const code = callMain([
      'a',
      '-tzip',
      '-mem=AES256',
      `-p${SEAL_PASSWORD}`,
      '-mx=1',
      '/sealed.zip',
      '/file.bin',
    ]);
    if (code !== 0) throw new Error(`7-Zip ended with ${code}: ${messages.join(' ').slice(0, 200)}`);
    const sealed = FS.readFile('/sealed.zip');
    writeFileSync(task.into, sealed, { mode: 0o600 });
    return { bytes: sealed.length };
  } finally {
    opened.close();
  }
}
