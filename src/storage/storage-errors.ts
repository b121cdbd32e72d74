import { S3ServiceException } from '@aws-sdk/client-s3';
import {
  DoubletakeError,
  ObjectMissing,
  StorageFailing,
  StorageRefused,
  StorageUnavailable,
} from '../domain/errors.ts';
import { faultOf } from '../domain/our-words.ts';

/** Answers that mean "not now", whatever their status. */
const passing = new Set([
  'SlowDown',
  'RequestTimeout',
  'ThrottlingException',
  'TooManyRequests',
  'InternalError',
  'ServiceUnavailable',
]);

/** Answers of a server, or of what stands before it, that has too much to do. */
const busy = new Set(['SlowDown', 'ServiceUnavailable', 'RequestTimeout']);

export function isPassing(code: string): boolean {
  return passing.has(code);
}

/** What the SDK threw, as the error of ours that says whether waiting helps. */
export function storageError(error: unknown, what: string, key: string): Error {
  if (error instanceof DoubletakeError) return error;
  if ((error as Error).name === 'AbortError') return error as Error;
  if (error instanceof S3ServiceException) {
    const status = error.$metadata.httpStatusCode ?? 0;
    const missing = status === 404 || error.name === 'NoSuchKey' || error.name === 'NotFound';
    if (missing && error.name !== 'NoSuchBucket' && error.name !== 'NoSuchUpload')
      return new ObjectMissing(key);
    if (status >= 400 && status < 500 && !passing.has(error.name)) {
      return new StorageRefused(
        key,
        `S3 refused to ${what} ${key}: ${error.name} (${status}). Check the bucket and its permissions.`,
        { cause: error },
      );
    }
    if (status >= 500 && !busy.has(error.name)) {
      return new StorageFailing(
        `S3 answers, but could not ${what} ${key}: ${error.name} (${status}). Should that last, see whether it is full or read-only.`,
        { cause: error },
      );
    }
  }
  const fault = faultOf(error);
  const why = fault ? `: ${fault}` : '';
  return new StorageUnavailable(`S3 is out of reach: could not ${what} ${key}${why}.`, { cause: error });
}

/** Runs what talks to S3 and tells its failures in our words. */
export async function told<T>(what: string, key: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageError(error, what, key);
  }
}
