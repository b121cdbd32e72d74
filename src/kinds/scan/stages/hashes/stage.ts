import { createHash } from 'node:crypto';
import type { ScannedFile, Stage } from '../../analysis/stage.ts';
import { Histogram } from './histogram.ts';
import { similarityDigest } from './similarity.ts';

const CHUNK = 1024 ** 2;
/** It takes three times as long as all other digests together. */
const MAX_TLSH = 16 * 1024 ** 2;
/** Less than this has no digest in the library. */
const MIN_TLSH = 512;

/** What a file can be found again by, and its entropy, in one pass over its bytes. */
export const hashesStage: Stage = {
  name: 'hashes',
  version: '1',
  looksAt: () => true,
  look(file) {
    const [sha256, sha1, md5] = [createHash('sha256'), createHash('sha1'), createHash('md5')];
    const histogram = new Histogram();
    const room = new Uint8Array(Math.min(CHUNK, file.size));
    for (let from = 0; from < file.size; from += CHUNK) {
      const chunk = file.readInto(room, from);
      sha256.update(chunk);
      sha1.update(chunk);
      md5.update(chunk);
      histogram.count(chunk);
    }
    return {
      findings: [],
      facts: {
        sha256: sha256.digest('hex'),
        sha1: sha1.digest('hex'),
        md5: md5.digest('hex'),
        ...similarity(file),
        ...(file.size > 0 && { entropy: histogram.entropy() }),
      },
    };
  },
};

/** TLSH, by which files that are alike are found; and why there is none. */
function similarity(file: ScannedFile): { tlsh: string | null; tlsh_reason?: string } {
  if (file.size > MAX_TLSH)
    return { tlsh: null, tlsh_reason: `It has more than ${MAX_TLSH} bytes, which would take too long.` };
  if (file.size < MIN_TLSH) return { tlsh: null, tlsh_reason: `It has less than ${MIN_TLSH} bytes.` };
  const digest = similarityDigest(file.read(0, file.size));
  return digest ? { tlsh: digest } : { tlsh: null, tlsh_reason: 'Its bytes are too much alike for one.' };
}
