import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { ObjectMissing, StorageRefused } from '../domain/errors.ts';
import type { ArtifactStore } from './artifact-store.ts';
import { hashing, sha256Of } from './hashing.ts';
import { putStream } from './put-stream.ts';
import { told } from './storage-errors.ts';

export interface StoreOptions {
  bucket: string;
  forcePathStyle: boolean;
  /** Where users reach S3 when that differs from where we do; presigned links name it. */
  publicEndpoint?: string;
}

/** Few and quick tries here: who asks knows better how long to wait. */
const patience: S3ClientConfig = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 3000, requestTimeout: 30_000 },
};

/** Endpoint, region and credentials come from AWS's own environment variables. */
export function openStore({ bucket, forcePathStyle, publicEndpoint }: StoreOptions): ArtifactStore {
  const client = new S3Client({ forcePathStyle, ...patience });
  const signer = publicEndpoint ? new S3Client({ forcePathStyle, endpoint: publicEndpoint }) : client;
  const at = (key: string) => ({ Bucket: bucket, Key: key });
  const body = async (key: string, range?: string, signal?: AbortSignal): Promise<Readable> => {
    const answer = await client.send(new GetObjectCommand({ ...at(key), Range: range }), {
      abortSignal: signal,
    });
    return answer.Body as Readable;
  };

  const store: ArtifactStore = {
    put: (key, content, { mediaType, metadata }) =>
      told('write', key, async () => {
        const bytes = typeof content === 'string' ? Buffer.from(content) : content;
        const sha256 = sha256Of(bytes);
        await client.send(
          new PutObjectCommand({
            ...at(key),
            Body: bytes,
            ContentType: mediaType,
            Metadata: { ...metadata, sha256 },
          }),
        );
        return { bytes: bytes.length, sha256 };
      }),
    putStream: (key, stream, options) => putStream(client, bucket, key, stream, options),
    get: (key) => told('read', key, async () => collect(await body(key))),
    readRange: (key, start, end) =>
      told('read', key, async () => collect(await body(key, `bytes=${start}-${end}`))),
    download: (key, path, { signal, onBytes } = {}) =>
      told('read', key, async () => {
        const hash = hashing({ onBytes });
        await pipeline(await body(key, undefined, signal), hash, createWriteStream(path), { signal });
        return hash.stored();
      }),
    async head(key) {
      try {
        return await told('look at', key, async () => {
          const {
            ContentLength,
            ContentType,
            Metadata = {},
          } = await client.send(new HeadObjectCommand(at(key)));
          return {
            bytes: ContentLength ?? 0,
            media_type: ContentType ?? 'application/octet-stream',
            metadata: Metadata,
            sha256: Metadata.sha256 ?? null,
          };
        });
      } catch (error) {
        if (error instanceof ObjectMissing) return null;
        throw error;
      }
    },
    async *list(prefix) {
      for await (const page of pages(prefix)) {
        for (const { Key = '', Size = 0, LastModified = new Date(0) } of page.Contents ?? []) {
          yield { key: Key, bytes: Size, last_modified: LastModified };
        }
      }
    },
    async *listPrefixes(prefix, delimiter) {
      for await (const page of pages(prefix, delimiter)) {
        for (const { Prefix } of page.CommonPrefixes ?? []) if (Prefix) yield Prefix;
      }
    },
    async deleteKeys(keys) {
      // 1,000 is S3's limit for one request.
      for (let first = 0; first < keys.length; first += 1000) {
        const some = keys.slice(first, first + 1000);
        const { Errors = [] } = await told('delete', some[0] ?? '', () =>
          client.send(
            new DeleteObjectsCommand({
              Bucket: bucket,
              Delete: { Objects: some.map((Key) => ({ Key })), Quiet: true },
            }),
          ),
        );
        const refused = Errors.find(({ Code }) => Code !== 'NoSuchKey');
        if (refused) {
          throw new StorageRefused(
            refused.Key ?? '',
            `S3 refused to delete ${refused.Key}: ${refused.Code}. Check the bucket and its permissions.`,
          );
        }
      }
    },
    async deletePrefix(prefix) {
      const keys: string[] = [];
      for await (const { key } of store.list(prefix)) keys.push(key);
      await store.deleteKeys(keys);
      return keys.length;
    },
    presign: (key, { expiresSeconds, fileName, mediaType }) =>
      getSignedUrl(
        signer,
        new GetObjectCommand({
          ...at(key),
          ResponseContentType: mediaType,
          ResponseContentDisposition: fileName && `inline; filename*=UTF-8''${encodeURIComponent(fileName)}`,
        }),
        { expiresIn: expiresSeconds },
      ),
    ping: () =>
      told('reach the bucket', bucket, async () => {
        await client.send(new HeadBucketCommand({ Bucket: bucket }));
      }),
    async ensureBucket() {
      try {
        await store.ping();
      } catch (error) {
        if (!(error instanceof ObjectMissing) && !(error instanceof StorageRefused)) throw error;
        await told('make the bucket', bucket, () => client.send(new CreateBucketCommand({ Bucket: bucket })));
      }
    },
  };

  async function* pages(prefix: string, delimiter?: string) {
    const all = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix, Delimiter: delimiter });
    const pages = all[Symbol.asyncIterator]();
    for (;;) {
      const next = await told('list', prefix, () => pages.next());
      if (next.done) return;
      yield next.value;
    }
  }

  return store;
}

async function collect(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
