import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { squats } from './form.ts';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';
import { beginUpload, piece, tus } from './tus-requests.ts';

let api: RunningApi;
let coach: TestUser;
beforeAll(async () => {
  api = await startApi({ limits: { connections: 30, bytesPerSecond: 50_000, lookMs: 300 } });
  coach = await api.user();
});
afterAll(() => api?.close());

/** A request that sends `bytes`, then a byte every 50 ms until it is answered or cut. */
async function drip(method: string, path: string, headers: Record<string, string>, bytes: Buffer | string) {
  const outgoing: ClientRequest = request(api.url + path, {
    method,
    headers: { ...coach.headers, ...headers },
  });
  outgoing.write(bytes);
  const drops = setInterval(() => outgoing.write(' '), 50);
  try {
    const [response] = await once(outgoing, 'response');
    return { status: response.statusCode, body: JSON.parse(await text(response)) };
  } catch (error) {
    return { status: (error as NodeJS.ErrnoException).code, body: null };
  } finally {
    clearInterval(drops);
    outgoing.on('error', () => {}).destroy();
  }
}

const tooSlow = {
  type: 'urn:doubletake:problem:too-slow',
  detail: expect.stringContaining('less than 50000 bytes a second'),
};

test('a resumable upload that hardly moves is a 408, and goes on where it was', async () => {
  const path = await beginUpload(api, coach, squats.length);
  const length = { 'content-length': String(squats.length) };
  const sent = squats.subarray(0, 100_000);
  const { status, body } = await drip('PATCH', path, { ...piece, ...length, 'upload-offset': '0' }, sent);
  expect([status, body]).toEqual([408, expect.objectContaining(tooSlow)]);
  const asked = await api.ask(coach, 'HEAD', path, { headers: tus });
  expect(Number(asked.headers.get('upload-offset'))).toBeGreaterThanOrEqual(100_000);
});

test('a form that hardly moves is a 408, and leaves nothing behind; JSON that hardly moves is cut', async () => {
  const before = await api.objects();
  const part = (name: string) => `--x\r\ncontent-disposition: form-data; name="${name}"`;
  const form = `${part('kind')}\r\n\r\ntechnique\r\n${part('file')}; filename="a.mp4"\r\n\r\n`;
  const multipart = { 'content-type': 'multipart/form-data; boundary=x' };
  const answer = await drip(
    'POST',
    '/api/jobs',
    multipart,
    Buffer.concat([Buffer.from(form), squats.subarray(0, 70_000)]),
  );
  expect([answer.status, answer.body]).toEqual([408, expect.objectContaining(tooSlow)]);
  expect(await api.objects()).toEqual(before);

  const json = { 'content-type': 'application/json', 'content-length': '200000' };
  expect(await drip('POST', '/api/jobs', json, '{"kind":')).toEqual({ status: 'ECONNRESET', body: null });
});

test('an upload that moves may last as long as it likes', async () => {
  const path = await beginUpload(api, coach, squats.length);
  const headers = { ...coach.headers, ...piece, 'upload-offset': '0', 'content-length': `${squats.length}` };
  const outgoing = request(api.url + path, { method: 'PATCH', headers });
  const answered = once(outgoing, 'response');
  // Twice the rate that must be, over several looks.
  for (let at = 0; at < squats.length; at += 20_000) {
    outgoing.write(squats.subarray(at, at + 20_000));
    await sleep(100);
  }
  outgoing.end();
  const [response] = await answered;
  expect(response.statusCode).toBe(204);
  response.resume();
});

test('connections beyond the limit are closed unheard, and said so in the log; then there is room again', async () => {
  const open: Socket[] = [];
  const { port } = new URL(api.url);
  const isHeard = async () => {
    const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
    open.push(socket);
    socket.write('GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    const [first] = await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    return Buffer.isBuffer(first);
  };
  try {
    let heard = 0;
    while (await isHeard()) heard++;
    expect(heard).toBeGreaterThan(20);
    expect(heard).toBeLessThanOrEqual(30);
    expect(api.logged()).toContain('too many connections');
  } finally {
    for (const socket of open) socket.destroy();
  }
  while (!(await isHeard())) await sleep(50);
  open.at(-1)?.destroy();
});

test('headers have their time, too', () => {
  expect(api.api.server.headersTimeout).toBe(30_000);
});
