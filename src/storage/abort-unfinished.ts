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

/** See `ArtifactStore.abortUnfinished`. */
export async function abortUnfinished(
  bucket: Bucket,
  prefix: string,
  { before, onRefused }: { before: Date; onRefused(refusal: StorageRefused): void },
): Promise<number> {
  let aborted = 0;
  let after: { KeyMarker?: string; UploadIdMarker?: string } = {};
  for (;;) {
    const page = await told('list unfinished uploads below', prefix, () =>
      bucket.client.send(new ListMultipartUploadsCommand({ Bucket: bucket.name, Prefix: prefix, ...after })),
    );
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (!Key || !UploadId || !Initiated || Initiated >= before) continue;
      try {
        await abortParts(bucket, Key, UploadId);
        aborted++;
      } catch (error) {
        if (!(error instanceof StorageRefused)) throw error;
        onRefused(error);
      }
    }
    if (!page.IsTruncated || !page.NextKeyMarker) return aborted;
    after = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  }
}
