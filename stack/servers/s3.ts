import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { PidFile } from '../processes/pid-file.ts';
import { Server } from './server.ts';

export interface S3Options {
  /** The versitygw program. */
  program: string;
  /** Buckets are folders in `folder/buckets`, objects their files. */
  folder: string;
  log: string;
  accessKeyId: string;
  secretAccessKey: string;
  bucket: string;
  port?: number;
  pids?: PidFile;
}

export interface S3 extends Server {
  endpoint(): string;
}

export const s3Region = 'us-east-1';

/** An S3 server whose objects are plain files below `folder`. */
export function createS3(options: S3Options): S3 {
  // Its home for metadata is extended attributes; on a file system without them, files beside the objects.
  const sidecar = join(options.folder, 'metadata');
  const server = new Server({
    name: 's3',
    ports: { main: options.port ?? 0 },
    launch({ main }) {
      const buckets = join(options.folder, 'buckets');
      mkdirSync(buckets, { recursive: true });
      const metadata = existsSync(sidecar) ? ['--sidecar', sidecar] : [];
      return {
        name: 's3',
        command: options.program,
        args: ['--port', `127.0.0.1:${main}`, '--region', s3Region, '--quiet', 'posix', ...metadata, buckets],
        env: {
          PATH: process.env.PATH,
          ROOT_ACCESS_KEY: options.accessKeyId,
          ROOT_SECRET_KEY: options.secretAccessKey,
        },
        log: options.log,
        pids: options.pids,
      };
    },
    ready: ({ main }) => bucketThere(options, `http://127.0.0.1:${main}`),
    tryAgain(output) {
      if (!/xattrs are not supported/.test(output)) return false;
      mkdirSync(sidecar, { recursive: true });
      return true;
    },
  });
  return Object.assign(server, { endpoint: () => `http://127.0.0.1:${server.port()}` });
}

async function bucketThere(options: S3Options, endpoint: string): Promise<boolean> {
  const { accessKeyId, secretAccessKey, bucket: Bucket } = options;
  const client = new S3Client({
    endpoint,
    region: s3Region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  });
  try {
    await client.send(new HeadBucketCommand({ Bucket }));
    return true;
  } catch (error) {
    if ((error as { name?: string }).name === 'NotFound')
      await client.send(new CreateBucketCommand({ Bucket }));
    return false;
  } finally {
    client.destroy();
  }
}
