import { DeleteObjectsCommand } from '@aws-sdk/client-s3';
import { StorageRefused, StorageUnavailable } from '../domain/errors.ts';
import type { Bucket } from './bucket.ts';
import { list } from './list-objects.ts';
import { isPassing, told } from './storage-errors.ts';

/** As many keys as S3 takes in one request. */
const keysAtOnce = 1000;

/** Keys that are not there count as deleted. */
export async function deleteKeys(
  bucket: Bucket,
  keys: readonly string[],
  { signal }: { signal?: AbortSignal } = {},
): Promise<void> {
  for (let first = 0; first < keys.length; first += keysAtOnce) {
    await deleteSome(bucket, keys.slice(first, first + keysAtOnce), signal);
  }
}

/** Returns how many objects went. Page by page: a prefix may hold any number. */
export async function deletePrefix(bucket: Bucket, prefix: string): Promise<number> {
  let [deleted, keys]: [number, string[]] = [0, []];
  const flush = async () => {
    await deleteKeys(bucket, keys);
    deleted += keys.length;
    keys = [];
  };
  for await (const { key } of list(bucket, prefix)) {
    if (keys.push(key) === keysAtOnce) await flush();
  }
  await flush();
  return deleted;
}

async function deleteSome(
  { client, name }: Bucket,
  keys: readonly string[],
  abortSignal?: AbortSignal,
): Promise<void> {
  const Objects = keys.map((Key) => ({ Key }));
  const { Errors = [] } = await told('delete', keys[0] ?? '', () =>
    client.send(new DeleteObjectsCommand({ Bucket: name, Delete: { Objects, Quiet: true } }), {
      abortSignal,
    }),
  );
  for (const { Key = '', Code = 'no code' } of Errors) {
    if (Code === 'NoSuchKey') continue;
    if (isPassing(Code)) throw new StorageUnavailable(`S3 could not delete ${Key} now: ${Code}.`);
    throw new StorageRefused(
      Key,
      `S3 refused to delete ${Key}: ${Code}. Check the bucket and its permissions.`,
    );
  }
}
