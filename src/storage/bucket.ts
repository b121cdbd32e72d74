import { CreateBucketCommand, HeadBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { ObjectMissing, StorageRefused, StorageUnavailable } from '../domain/errors.ts';
import { told } from './storage-errors.ts';

/** Where every operation of a store goes. */
export interface Bucket {
  client: S3Client;
  name: string;
}

/** Who asks whether S3 is there wants to know it now. */
const pingTimeoutMs = 5000;

/** @throws StorageUnavailable; StorageRefused when the bucket is not there or not ours */
export async function ping(bucket: Bucket): Promise<void> {
  const abortSignal = AbortSignal.timeout(pingTimeoutMs);
  try {
    await told('reach the bucket', bucket.name, () =>
      bucket.client.send(new HeadBucketCommand({ Bucket: bucket.name }), { abortSignal }),
    );
  } catch (error) {
    if (abortSignal.aborted) {
      throw new StorageUnavailable(`S3 did not answer within ${pingTimeoutMs} ms.`, { cause: error });
    }
    if (error instanceof ObjectMissing) {
      throw new StorageRefused(
        bucket.name,
        `The bucket "${bucket.name}" is not there. Make it, or set DOUBLETAKE_BUCKET to one that is.`,
        { cause: error },
      );
    }
    throw error;
  }
}

/** Makes the bucket when it is not there; two who do so at once both succeed. */
export async function ensureBucket(bucket: Bucket): Promise<void> {
  try {
    await ping(bucket);
  } catch (missing) {
    if (!(missing instanceof StorageRefused)) throw missing;
    try {
      await told('make the bucket', bucket.name, () =>
        bucket.client.send(new CreateBucketCommand({ Bucket: bucket.name })),
      );
    } catch (error) {
      await ping(bucket).catch(() => {
        throw error;
      });
    }
  }
}
