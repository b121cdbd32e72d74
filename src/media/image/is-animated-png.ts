import { open } from 'node:fs/promises';

/** A picture has a dozen chunks before its pixels. */
const mostChunks = 10_000;
const signatureBytes = 8;

/**
 * Whether a PNG has an `acTL` chunk before its first `IDAT` (PNG, third edition, 11.3.6.1): libvips shows the first frame
 * only, and says nothing of the others. Of each chunk its length and name are read, of a large profile no more.
 */
export async function isAnimatedPng(path: string): Promise<boolean> {
  await using file = await open(path);
  const head = Buffer.alloc(8);
  let at = signatureBytes;
  for (let n = 0; n < mostChunks; n++) {
    const { bytesRead } = await file.read(head, 0, head.length, at);
    const name = head.toString('latin1', 4, 8);
    if (bytesRead < head.length || name === 'IDAT' || name === 'IEND') return false;
    if (name === 'acTL') return true;
    // Length, name, data, CRC.
    at += 12 + head.readUInt32BE(0);
  }
  return false;
}
