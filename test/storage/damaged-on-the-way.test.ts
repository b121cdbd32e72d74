import { connect, createServer, type Server, type Socket } from 'node:net';
import { Readable, Transform } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ArtifactStore } from '../../src/storage/artifact-store.ts';
import { openStore } from '../../src/storage/open-store.ts';
import { createTestBucket } from '../support/servers.ts';

const mark = Buffer.from('—these bytes change on the way—');
const mediaType = 'application/octet-stream';

let bucket: Awaited<ReturnType<typeof createTestBucket>>;
let proxy: Server;
let straight: ArtifactStore;
const sockets = new Set<Socket>();
const endpoint = process.env.AWS_ENDPOINT_URL_S3 as string;

/** Passes everything on, but turns one bit of every {@link mark} that comes within one chunk. */
const damaging = () =>
  new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const at = chunk.indexOf(mark);
      if (at >= 0) chunk[at + 5] = (chunk[at + 5] as number) ^ 1;
      done(null, chunk);
    },
  });

beforeAll(async () => {
  bucket = await createTestBucket();
  straight = openStore({ bucket: bucket.name, forcePathStyle: true });
  const { hostname, port } = new URL(endpoint);
  proxy = createServer((client) => {
    const server = connect(Number(port), hostname);
    for (const socket of [client, server]) sockets.add(socket.on('error', () => {}));
    client.pipe(damaging()).pipe(server).pipe(client);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  process.env.AWS_ENDPOINT_URL_S3 = `http://127.0.0.1:${(proxy.address() as { port: number }).port}`;
});
afterAll(async () => {
  process.env.AWS_ENDPOINT_URL_S3 = endpoint;
  delete process.env.AWS_REQUEST_CHECKSUM_CALCULATION;
  for (const socket of sockets) socket.destroy();
  proxy.close();
  await bucket.remove();
});

test.each(['WHEN_SUPPORTED', 'WHEN_REQUIRED'])(
  'an object whose bytes change between us and S3 is refused, and nothing of it stays (checksums %s)',
  async (checksums) => {
    process.env.AWS_REQUEST_CHECKSUM_CALCULATION = checksums;
    const store = openStore({ bucket: bucket.name, forcePathStyle: true });
    const body = Buffer.concat([Buffer.alloc(1000, 'a'), mark, Buffer.alloc(1000, 'b')]);
    await expect(store.put('changed', body, { mediaType })).rejects.toThrow('changed');
    await expect(store.putStream('streamed', Readable.from([body]), { mediaType })).rejects.toThrow(
      'streamed',
    );
    expect(await straight.head('changed')).toBeNull();
    expect(await straight.head('streamed')).toBeNull();
    await store.put('whole', body.subarray(0, 1000), { mediaType });
    expect((await straight.get('whole')).equals(body.subarray(0, 1000))).toBe(true);
  },
);
