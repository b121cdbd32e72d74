import pearsonHash from 'tlsh/lib/buckets/pearson-hash.js';
import ProcessedBuckets from 'tlsh/lib/buckets/processed-buckets.js';
import Quartiles from 'tlsh/lib/buckets/quartiles.js';

/** Bytes that are looked at together. */
const WINDOW = 5;

const table = Uint8Array.from({ length: 256 }, (_, byte) => pearsonHash([byte]));
/** The hash of a salt and a byte, which begins every triplet. */
const begun = (salt: number) => table.map((_, byte) => table[(table[salt] as number) ^ byte] as number);
const [ofChecksum, of2, of3, of5, of7, of11, of13] = [
  begun(0),
  begun(2),
  begun(3),
  begun(5),
  begun(7),
  begun(11),
  begun(13),
] as const;

/**
 * The TLSH of bytes. Counting its triplets takes all the time, and some twenty times as much in the library, which builds
 * objects for each; what the counts come to is the library's.
 * @returns null where the bytes are too few or too much alike for one
 */
export function similarityDigest(bytes: Uint8Array): string | null {
  const hash = table;
  const buckets = new Uint32Array(256);
  const count = (bucket: number) => {
    buckets[bucket] = (buckets[bucket] as number) + 1;
  };
  let checksum = 0;
  for (let at = WINDOW - 1; at < bytes.length; at++) {
    // From the newest to the oldest of the window.
    const a = bytes[at] as number;
    const b = bytes[at - 1] as number;
    const c = bytes[at - 2] as number;
    const d = bytes[at - 3] as number;
    const e = bytes[at - 4] as number;
    checksum = hash[(hash[(ofChecksum[a] as number) ^ b] as number) ^ checksum] as number;
    count(hash[(hash[(of2[a] as number) ^ b] as number) ^ c] as number);
    count(hash[(hash[(of3[a] as number) ^ b] as number) ^ d] as number);
    count(hash[(hash[(of5[a] as number) ^ c] as number) ^ d] as number);
    count(hash[(hash[(of7[a] as number) ^ c] as number) ^ e] as number);
    count(hash[(hash[(of11[a] as number) ^ b] as number) ^ e] as number);
    count(hash[(hash[(of13[a] as number) ^ d] as number) ^ e] as number);
  }
  const counts = Array.from(buckets);
  const processed = new ProcessedBuckets([checksum], counts, bytes.length, new Quartiles(counts));
  return processed.isProcessedDataTooSimple() ? null : processed.buildDigest().toString();
}
