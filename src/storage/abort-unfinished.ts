import { AbortMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { ObjectMissing, StorageRefused } from '../domain/errors.ts';
import type { Bucket } from './bucket.ts';
import { told } from './storage-errors.ts';

/** Ends one upload in parts and frees what it holds; already gone is fine. */
export async function abortParts(bucket: Bucket, key: string, uploadId: string): Promise<void> {
  try {
    await told('give up', key, () =>
      bucket.client.send(
        new AbortMultipartUploadCommand({ Bucket: bucket.name, Key: key, UploadId: uploadId }),
      ),
    );
  } catch (error) {
    const gone =
      error instanceof ObjectMissing ||
      (error instanceof StorageRefused && (error.cause as Error | undefined)?.name === 'NoSuchUpload');
    if (!gone) throw error;
  }
}

/**
 * Gives up every upload in parts that was begun before `before`: those a killed process left, which hold
 * space but show in no listing. Returns how many there were.
 */
export async function abortUnfinished(bucket: Bucket, before: Date): Promise<number> {
  let aborted = 0;
  let after: { KeyMarker?: string; UploadIdMarker?: string } = {};
  for (;;) {
    const page = await told('list unfinished uploads of', bucket.name, () =>
      bucket.client.send(new ListMultipartUploadsCommand({ Bucket: bucket.name, ...after })),
    );
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (!Key || !UploadId || !Initiated || Initiated >= before) continue;
      await abortParts(bucket, Key, UploadId);
      aborted++;
    }
    if (!page.IsTruncated || !page.NextKeyMarker) return aborted;
    after = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  }
}
