import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestBucket, createTestDatabase } from '../support/servers.ts';
import { squats } from './form.ts';
import { prepare, startServer } from './server-process.ts';

/** 2 GB with `DOUBLETAKE_TEST_UPLOAD_MB=2000`. */
const megabytes = Number(process.env.DOUBLETAKE_TEST_UPLOAD_MB ?? 400);
const bytes = megabytes * 1_000_000;
/** From the first byte on, buffers included. */
const allowedGrowthMb = 200;
/** Beyond what an upload of a quarter has grown to: whoever keeps a third of what comes is over it. */
const allowedMoreMb = 100;

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let bucket: Awaited<ReturnType<typeof createTestBucket>>;
let server: Awaited<ReturnType<typeof startServer>>;
let authorization: { authorization: string };
beforeAll(async () => {
  [database, bucket] = await Promise.all([createTestDatabase(), createTestBucket()]);
  authorization = await prepare(database.url);
  server = await startServer({
    DATABASE_URL: database.url,
    DOUBLETAKE_BUCKET: bucket.name,
    DOUBLETAKE_LOG_LEVEL: 'warn',
  });
});
afterAll(async () => {
  await server.stop();
  await Promise.all([database.drop(), bucket.remove()]);
});

/** A video's beginning, then whatever: `bytes` in all, made as it is sent. */
function* pieces(from: number, to: number): Generator<Buffer> {
  const filler = Buffer.alloc(1024 * 1024, 7);
  for (let at = from; at < to; ) {
    const piece = at === 0 ? squats : filler.subarray(0, Math.min(filler.length, to - at));
    yield piece;
    at += piece.length;
  }
}

/** Sends a body as fast as it is taken. @returns status, Location, how large the server was at most, and how much it grew, in MB */
async function send(method: string, path: string, headers: Record<string, string>, body: Iterable<Buffer>) {
  const before = server.residentMb();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, server.residentMb());
  }, 50);
  const outgoing = request(server.url + path, { method, headers: { ...authorization, ...headers } });
  const answered = new Promise<{ status: number; location: string; text: string }>((resolve, reject) => {
    outgoing.once('error', reject);
    outgoing.once('response', async (incoming) => {
      let text = '';
      for await (const chunk of incoming) text += chunk;
      resolve({ status: incoming.statusCode ?? 0, location: incoming.headers.location ?? '', text });
    });
  });
  for (const piece of body) {
    if (!outgoing.write(piece)) await new Promise((resolve) => outgoing.once('drain', resolve));
  }
  outgoing.end();
  const answer = await answered;
  clearInterval(watch);
  return { ...answer, most, growth: most - before };
}

function* formOf(body: Iterable<Buffer>): Generator<Buffer> {
  const part = (name: string) => `--x\r\ncontent-disposition: form-data; name="${name}"`;
  yield Buffer.from(`${part('kind')}\r\n\r\ntechnique\r\n${part('file')}; filename="long.mp4"\r\n\r\n`);
  yield* body;
  yield Buffer.from('\r\n--x--\r\n');
}

test(`${megabytes} MB in one request, with flat memory`, async () => {
  const headers = { 'content-type': 'multipart/form-data; boundary=x' };
  const first = await send('POST', '/api/jobs', headers, formOf(pieces(0, bytes / 4)));
  const answer = await send('POST', '/api/jobs', headers, formOf(pieces(0, bytes)));
  expect([first.status, answer.status]).toEqual([202, 202]);
  expect(answer.growth).toBeLessThan(allowedGrowthMb);
  expect(answer.most - first.most).toBeLessThan(allowedMoreMb);
  console.info(
    `multipart: ${megabytes} MB, ${Math.round(answer.growth)} MB over ${Math.round(server.residentMb() - answer.growth)}`,
  );
}, 300_000);

test(`${megabytes} MB by tus, with flat memory`, async () => {
  const tus = { 'tus-resumable': '1.0.0' };
  const headers = { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
  const upload = async (size: number) => {
    const created = await send('POST', '/api/uploads', { ...tus, 'upload-length': String(size) }, []);
    expect(created.status).toBe(201);
    return send('PATCH', created.location, headers, pieces(0, size));
  };
  const first = await upload(bytes / 4);
  const answer = await upload(bytes);
  expect([answer.status, answer.text]).toEqual([204, '']);
  expect(answer.growth).toBeLessThan(allowedGrowthMb);
  expect(answer.most - first.most).toBeLessThan(allowedMoreMb);
  console.info(
    `tus: ${megabytes} MB, ${Math.round(answer.growth)} MB over ${Math.round(server.residentMb() - answer.growth)}`,
  );
}, 300_000);
