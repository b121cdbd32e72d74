import { type ListObjectsV2CommandOutput, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { ListedObject } from './artifact-store.ts';
import type { Bucket } from './bucket.ts';
import { told } from './storage-errors.ts';

/** Every object below `prefix`, in order of key. */
export async function* list(bucket: Bucket, prefix: string): AsyncGenerator<ListedObject> {
  for await (const { Contents = [] } of pages(bucket, prefix)) {
    for (const { Key = '', Size = 0, LastModified = new Date(0) } of Contents) {
      yield { key: Key, bytes: Size, last_modified: LastModified };
    }
  }
}

/** See `ArtifactStore.listPrefixes`. */
export async function* listPrefixes(
  bucket: Bucket,
  prefix: string,
  delimiter: string,
): AsyncGenerator<string> {
  for await (const { CommonPrefixes = [] } of pages(bucket, prefix, delimiter)) {
    for (const { Prefix } of CommonPrefixes) if (Prefix) yield Prefix;
  }
}

async function* pages(
  { client, name }: Bucket,
  prefix: string,
  delimiter?: string,
): AsyncGenerator<ListObjectsV2CommandOutput> {
  const all = paginateListObjectsV2({ client }, { Bucket: name, Prefix: prefix, Delimiter: delimiter });
  for (;;) {
    const next = await told('list', prefix, () => all.next());
    if (next.done) return;
    yield next.value;
  }
}
