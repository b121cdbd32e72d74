import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { DeleteBucketCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ObjectMissing, StorageRefused, TooLarge } from '../../src/domain/errors.ts';
import type { ArtifactStore } from '../../src/storage/artifact-store.ts';
import { openStore } from '../../src/storage/open-store.ts';
import { createTestBucket } from '../support/servers.ts';

let bucket: Awaited<ReturnType<typeof createTestBucket>>;
let store: ArtifactStore;
let folder: string;
beforeAll(async () => {
  bucket = await createTestBucket();
  store = openStore({ bucket: bucket.name, forcePathStyle: true });
  folder = await mkdtemp(join(tmpdir(), 'doubletake-store-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await bucket.remove();
});

const mediaType = 'application/octet-stream';
const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

async function openMultiparts(): Promise<number> {
  const client = new S3Client({ forcePathStyle: true });
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket.name }));
  client.destroy();
  return Uploads.length;
}

test('what is put can be read whole, in part, to a file and by a presigned link', async () => {
  const body = randomBytes(100_000);
  const stored = await store.put('a/b.bin', body, { mediaType, metadata: { plan: 'p1' } });
  expect(stored).toEqual({ bytes: 100_000, sha256: sha(body) });
  expect((await store.get('a/b.bin')).equals(body)).toBe(true);
  expect((await store.readRange('a/b.bin', 10, 19)).equals(body.subarray(10, 20))).toBe(true);
  expect(await store.head('a/b.bin')).toMatchObject({
    bytes: 100_000,
    sha256: sha(body),
    metadata: { plan: 'p1' },
  });
  expect(await store.download('a/b.bin', join(folder, 'b'))).toEqual(stored);
  expect((await readFile(join(folder, 'b'))).equals(body)).toBe(true);
  const url = await store.presign('a/b.bin', { expiresSeconds: 60, fileName: 'Größe 1.bin', mediaType });
  const answer = await fetch(url, { headers: { range: 'bytes=0-4' } });
  expect(answer.status).toBe(206);
  expect(answer.headers.get('content-disposition')).toContain("filename*=UTF-8''Gr");
  expect(Buffer.from(await answer.arrayBuffer()).equals(body.subarray(0, 5))).toBe(true);
});

test('an object that is not there is said to be missing', async () => {
  expect(await store.head('nowhere')).toBeNull();
  await expect(store.get('nowhere')).rejects.toThrow(ObjectMissing);
  await expect(store.download('nowhere', join(folder, 'n'))).rejects.toThrow(ObjectMissing);
});

test('an object S3 will not take is told as refused, with its key', async () => {
  await store.put('file', 'x', { mediaType });
  await expect(store.put('file/below', 'x', { mediaType })).rejects.toMatchObject({
    type: 'StorageRefused',
    key: 'file/below',
  });
  await expect(store.readRange('file', 10, 20)).rejects.toThrow(StorageRefused);
});

test('a bucket that is not there is told by name, and made by whoever asks first', async () => {
  const name = `test-${randomUUID()}`;
  const fresh = openStore({ bucket: name, forcePathStyle: true });
  await expect(fresh.ping()).rejects.toThrow(`The bucket "${name}" is not there`);
  await expect(fresh.put('a', 'x', { mediaType })).rejects.toThrow(StorageRefused);
  await Promise.all([fresh.ensureBucket(), fresh.ensureBucket()]);
  await fresh.ping();
  const client = new S3Client({ forcePathStyle: true });
  await client.send(new DeleteBucketCommand({ Bucket: name }));
  client.destroy();
});

test('a disk that cannot be written is not blamed on S3', async () => {
  await store.put('small', 'x', { mediaType });
  await expect(store.download('small', join(folder, 'no', 'where'))).rejects.toMatchObject({
    code: 'ENOENT',
  });
});

test('a stream of several parts arrives whole', async () => {
  const body = randomBytes(20 * 1024 * 1024);
  const stored = await store.putStream('big', Readable.from(slices(body)), { mediaType });
  expect(stored).toEqual({ bytes: body.length, sha256: sha(body) });
  expect(sha(await store.get('big'))).toBe(stored.sha256);
});

test('a stream that is too large, breaks or is aborted leaves nothing behind', async () => {
  const body = randomBytes(20 * 1024 * 1024);
  await expect(
    store.putStream('large', Readable.from(slices(body)), { mediaType, maxBytes: 10_000_000 }),
  ).rejects.toThrow(TooLarge);
  const broken = Readable.from(
    (async function* () {
      yield* slices(body);
      throw new Error('the connection was lost');
    })(),
  );
  await expect(store.putStream('broken', broken, { mediaType })).rejects.toThrow('the connection was lost');
  const abort = new AbortController();
  const endless = Readable.from(
    (async function* () {
      for (let n = 0; ; n++) {
        if (n === 20) abort.abort();
        yield randomBytes(1024 * 1024);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })(),
  );
  await expect(store.putStream('aborted', endless, { mediaType, signal: abort.signal })).rejects.toThrow();
  for (const key of ['large', 'broken', 'aborted']) expect(await store.head(key)).toBeNull();
  expect(await openMultiparts()).toBe(0);
});

test('a prefix of more objects than one request takes is deleted whole, and nothing beside it', async () => {
  await store.put('many2/x', 'stays', { mediaType });
  const keys = Array.from({ length: 1050 }, (_, n) => `many/${n}`);
  for (let n = 0; n < keys.length; n += 50) {
    await Promise.all(keys.slice(n, n + 50).map((key) => store.put(key, 'x', { mediaType })));
  }
  expect(await store.deletePrefix('many/')).toBe(1050);
  expect(await store.deletePrefix('many/')).toBe(0);
  expect(await store.head('many2/x')).not.toBeNull();
  const prefixes: string[] = [];
  for await (const prefix of store.listPrefixes('', '/')) prefixes.push(prefix);
  expect(prefixes).toContain('many2/');
});

function* slices(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += 65_536) yield body.subarray(at, at + 65_536);
}
