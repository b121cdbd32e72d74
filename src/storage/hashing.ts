import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { TooLarge } from '../domain/errors.ts';
import type { Stored } from './artifact-store.ts';

export function sha256Of(body: Uint8Array | string): string {
  return createHash('sha256').update(body).digest('hex');
}

/** Passes bytes through, counting and hashing them. @throws TooLarge into the stream past `maxBytes` */
export function hashing({
  maxBytes = Number.POSITIVE_INFINITY,
  onBytes,
}: {
  maxBytes?: number;
  onBytes?: (bytes: number) => void;
} = {}): Transform & { stored(): Stored } {
  const hash = createHash('sha256');
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        done(new TooLarge(`The file is larger than the ${maxBytes} bytes allowed here.`));
        return;
      }
      hash.update(chunk);
      onBytes?.(bytes);
      done(null, chunk);
    },
  });
  return Object.assign(stream, { stored: () => ({ bytes, sha256: hash.digest('hex') }) });
}
