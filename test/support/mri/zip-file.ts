import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';
import yazl from 'yazl';

/** A ZIP of these files. */
export async function zipFile(files: Readonly<Record<string, Uint8Array>>): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [name, bytes] of Object.entries(files)) zip.addBuffer(Buffer.from(bytes), name);
  zip.end();
  return buffer(zip.outputStream);
}

/** The files of a ZIP, by name. */
export async function unzipped(bytes: Buffer): Promise<Record<string, Buffer>> {
  const zip = await yauzl.fromBufferPromise(bytes, { lazyEntries: true, autoClose: false });
  const files: Record<string, Buffer> = {};
  for await (const entry of zip.eachEntry()) {
    if (!entry.fileName.endsWith('/'))
      files[entry.fileName] = await buffer(await zip.openReadStreamPromise(entry));
  }
  return files;
}
