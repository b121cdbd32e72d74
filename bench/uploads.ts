import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { uploadResumably } from '../src/cli/upload/resumable.ts';
import { sourceFile } from '../src/cli/upload/source-file.ts';
import { type BenchRun, sample } from './bench-run.ts';
import { makeClip } from './clips.ts';
import { submit } from './run-job.ts';
import type { Section } from './section.ts';
import { bucketOf, type Service, withService } from './service.ts';
import { median, spread } from './statistics.ts';

/** The two ways in, against the fastest there could be: the same bytes put straight into S3. */
export async function uploads(run: BenchRun): Promise<Section> {
  const frames = run.short ? 460 : 29_440;
  const clip = await makeClip(run.cache, { name: `walk-and-jump-${frames}`, sample, frames });
  const { size } = await stat(clip.path);
  const ways: [string, (service: Service) => Promise<unknown>][] = [
    ['presigned PUT', (service) => putPresigned(service, clip.path, size)],
    ['multipart, `POST /api/jobs`', (service) => submit(service, clip.path, 'quick')],
    ['tus, `POST /api/uploads`', (service) => resumable(service, clip.path)],
  ];
  const speeds = ways.map(() => [] as number[]);
  // Without a worker: accepted jobs wait, and nothing but the upload runs.
  await withService(run, { worker: false }, async (service) => {
    for (let round = 0; round <= run.rounds; round++) {
      for (const [at, [, way]] of ways.entries()) {
        const before = performance.now();
        await way(service);
        const seconds = (performance.now() - before) / 1000;
        // The first round warms up connections and the file cache.
        if (round > 0) speeds[at]?.push(size / 1e6 / seconds);
      }
    }
  });
  const straight = median(speeds[0] ?? []);
  return {
    id: 'uploads',
    title: 'Uploads: MB a second',
    says: `One file of ${(size / 1e6).toFixed(0)} MB, client, API and S3 server on this one machine, until the server has answered. The API reads, sniffs, hashes and passes on; the PUT does none of it.`,
    head: ['way', 'MB/s', '÷ presigned PUT'],
    rows: ways.map(([name], at) => {
      const found = speeds[at] ?? [];
      return [name, spread(found, 0), (median(found) / straight).toFixed(2)];
    }),
  };
}

async function resumable({ api }: Service, path: string): Promise<void> {
  await uploadResumably(api, await sourceFile(path), {
    onProgress() {},
    onResume() {},
    onRetry() {
      throw new Error('The upload broke off; its time means nothing.');
    },
    signal: new AbortController().signal,
  });
}

async function putPresigned(service: Service, path: string, bytes: number): Promise<void> {
  const { client, name } = bucketOf(service);
  const command = new PutObjectCommand({ Bucket: name, Key: `bench/${randomUUID()}` });
  const url = await getSignedUrl(client, command);
  client.destroy();
  const put = request(url, { method: 'PUT', headers: { 'content-length': bytes } });
  const answered = new Promise<number>((resolve, reject) => {
    put.once('error', reject).once('response', (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    });
  });
  await pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), put);
  const status = await answered;
  if (status !== 200) throw new Error(`S3 answered the presigned PUT with ${status}`);
}
