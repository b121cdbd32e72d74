import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { abortUnfinished } from './abort-unfinished.ts';
import type { ArtifactStore, Stored } from './artifact-store.ts';
import { type Bucket, ensureBucket, ping } from './bucket.ts';
import { clientPatience } from './client-patience.ts';
import { deleteKeys, deletePrefix } from './delete-objects.ts';
import { sha256Of } from './hashing.ts';
import { list, listPrefixes } from './list-objects.ts';
import { putStream } from './put-stream.ts';
import { download, head, read } from './read-objects.ts';
import { told } from './storage-errors.ts';
import { leaveBodiesUnsigned } from './unsigned-bodies.ts';

export interface StoreOptions {
  bucket: string;
  forcePathStyle: boolean;
  /** Where users reach S3 when that differs from where we do; presigned links name it. */
  publicEndpoint?: string;
  /**
   * A connection on which nothing moves so long is given up, in milliseconds; a minute unless told. A server
   * that joins the parts of a large file is silent for a while.
   */
  idleTimeoutMs?: number;
}

/** Endpoint, region and credentials come from AWS's own environment variables. */
export function openStore(options: StoreOptions): ArtifactStore {
  const { bucket: name, forcePathStyle, publicEndpoint, idleTimeoutMs } = options;
  const client = new S3Client({ forcePathStyle, ...clientPatience(idleTimeoutMs) });
  leaveBodiesUnsigned(client);
  const signer = publicEndpoint ? new S3Client({ forcePathStyle, endpoint: publicEndpoint }) : client;
  const bucket: Bucket = { client, name };
  return {
    put: (key, body, metadata) => put(bucket, key, body, metadata),
    putStream: (key, stream, how) => putStream(bucket, key, stream, how),
    get: (key) => read(bucket, key),
    readRange: (key, start, endInclusive) => read(bucket, key, `bytes=${start}-${endInclusive}`),
    download: (key, path, how) => download(bucket, key, path, how),
    head: (key) => head(bucket, key),
    list: (prefix) => list(bucket, prefix),
    listPrefixes: (prefix, delimiter) => listPrefixes(bucket, prefix, delimiter),
    deleteKeys: (keys, options) => deleteKeys(bucket, keys, options),
    deletePrefix: (prefix) => deletePrefix(bucket, prefix),
    abortUnfinished: (prefix, options) => abortUnfinished(bucket, prefix, options),
    presign: (key, how) => presign({ client: signer, name }, key, how),
    ping: () => ping(bucket),
    ensureBucket: () => ensureBucket(bucket),
  };
}

async function put(
  { client, name }: Bucket,
  key: string,
  body: Uint8Array | string,
  { mediaType, metadata }: { mediaType: string; metadata?: Record<string, string> },
): Promise<Stored> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const sha256 = sha256Of(bytes);
  await told('write', key, () =>
    client.send(
      new PutObjectCommand({
        Bucket: name,
        Key: key,
        Body: bytes,
        ContentType: mediaType,
        Metadata: { ...metadata, sha256 },
      }),
    ),
  );
  return { bytes: bytes.length, sha256 };
}

/** Signed here, without asking S3; see `ArtifactStore.presign`. */
async function presign(
  { client, name }: Bucket,
  key: string,
  { expiresSeconds, fileName, mediaType }: { expiresSeconds: number; fileName?: string; mediaType?: string },
): Promise<string> {
  const command = new GetObjectCommand({
    Bucket: name,
    Key: key,
    ResponseContentType: mediaType,
    ResponseContentDisposition: fileName && `inline; filename*=UTF-8''${encodedFileName(fileName)}`,
  });
  return getSignedUrl(client, command, { expiresIn: expiresSeconds });
}

/** RFC 8187 value characters: `encodeURIComponent` leaves four that are not among them. */
function encodedFileName(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
