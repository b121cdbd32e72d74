declare module 'tlsh' {
  /**
   * @param data one character a byte
   * @throws where the data is too short or too simple for a digest
   */
  export default function tlsh(data: string): string;
}

declare module 'tlsh/lib/buckets/pearson-hash.js' {
  export default function pearsonHash(bytes: readonly number[]): number;
}

declare module 'tlsh/lib/buckets/quartiles.js' {
  export default class Quartiles {
    constructor(buckets: readonly number[]);
  }
}

declare module 'tlsh/lib/buckets/processed-buckets.js' {
  import type Quartiles from 'tlsh/lib/buckets/quartiles.js';

  export default class ProcessedBuckets {
    constructor(
      checksum: readonly number[],
      buckets: readonly number[],
      length: number,
      quartiles: Quartiles,
    );
    isProcessedDataTooSimple(): boolean;
    buildDigest(): { toString(): string };
  }
}
