import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { Stored } from './artifact-store.ts';
import { hashing } from './hashing.ts';
import { storageError } from './storage-errors.ts';

/** Measured against fewer and smaller parts: `docs/performance.md`. */
const partSize = 8 * 1024 * 1024;
const partsAtOnce = 4;

/** See `ArtifactStore.putStream`. */
export async function putStream(
  client: S3Client,
  bucket: string,
  key: string,
  source: Readable,
  options: { mediaType: string; signal?: AbortSignal; maxBytes?: number },
): Promise<Stored> {
  const hash = hashing({ maxBytes: options.maxBytes });
  // The error of the source is the reason worth telling, not the one the upload makes of a broken body.
  let broken: Error | undefined;
  pipeline(source, hash, (error) => {
    broken ??= error ?? undefined;
  });
  const upload = new Upload({
    client,
    partSize,
    queueSize: partsAtOnce,
    params: { Bucket: bucket, Key: key, Body: hash, ContentType: options.mediaType },
  });
  const abort = () => void upload.abort();
  if (options.signal?.aborted) abort();
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    await upload.done();
    return hash.stored();
  } catch (error) {
    await upload.abort().catch(() => {});
    source.destroy();
    throw broken ?? storageError(error, 'write', key);
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
}
