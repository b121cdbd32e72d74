import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bodyPhases, form, squats, video } from './form.ts';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';
import { beginUpload, creation, piece, tus } from './tus-requests.ts';

let api: RunningApi;
let coach: TestUser;
beforeAll(async () => {
  api = await startApi({ limits: { connections: 30, bytesPerSecond: 50_000, lookMs: 300, headersMs: 3000 } });
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

test('a body that hardly moves is a 408 wherever in it that is, and leaves nothing behind', async () => {
  const refused = [408, expect.objectContaining(tooSlow)];
  const before = await api.objects();
  const answers = await Promise.all(
    bodyPhases.map(async ({ phase, headers, sent }) => {
      const { status, body } = await drip('POST', '/api/jobs', headers, sent);
      return [phase, status, body];
    }),
  );
  expect(answers).toEqual(bodyPhases.map(({ phase }) => [phase, ...refused]));
  expect(await api.objects()).toEqual(before);

  const path = await beginUpload(api, coach, squats.length);
  const length = { 'content-length': String(squats.length) };
  const [later, first] = await Promise.all([
    drip('PATCH', path, { ...piece, ...length, 'upload-offset': '0' }, ' '),
    drip('POST', '/api/uploads', { ...creation(squats.length), ...piece, ...length }, ' '),
  ]);
  expect([later.status, later.body, first.status, first.body]).toEqual([...refused, ...refused]);
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

/** Sends bytes as they are, on a connection of its own. */
function send(bytes: string): Socket {
  const { port } = new URL(api.url);
  const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
  socket.write(bytes);
  return socket;
}

/** The status that such bytes are answered with; null where the connection is closed unheard. */
async function statusOf(bytes: string, open: Socket[]): Promise<number | null> {
  const socket = send(bytes);
  open.push(socket);
  const [first] = await Promise.race([once(socket, 'data'), once(socket, 'close')]);
  return Buffer.isBuffer(first) ? Number(first.toString('latin1').split(' ')[1]) : null;
}

const live = 'GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n';

test('however many connections strangers hold, users keep theirs and health is answered; users have nine tenths', async () => {
  const open: Socket[] = [];
  const authorization = `authorization: ${coach.headers.authorization}`;
  const body = form(['kind', 'technique'], ['file', video(), 'a.mp4']);
  const { id } = (await api.ask(coach, 'POST', '/api/jobs', { body })).body;
  const stream = `GET /api/jobs/${id}/progress HTTP/1.1\r\nhost: x\r\n${authorization}\r\n\r\n`;
  const strangers = [
    '',
    'GET / HTTP/1.1\r\nho',
    live,
    // Answered with a 401, or with more than is ever read.
    'POST /api/jobs HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n',
    'GET /api/docs/js/scalar.js HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(20),
  ];
  const crowd = async () => {
    for (let n = 0; n < 50; n++) open.push(send(strangers[n % strangers.length] as string).pause());
    return statusOf(live, open);
  };
  try {
    expect(await statusOf(stream, open)).toBe(200);
    const [followed] = open as [Socket];
    expect(await crowd()).toBe(200);
    expect(await crowd()).toBe(200);
    expect(api.logged()).toContain('too many connections');
    expect(followed.destroyed).toBe(false);

    let streams = 1;
    const mine: Socket[] = [];
    while ((await statusOf(stream, mine)) === 200) streams++;
    open.push(...mine);
    expect(streams).toBe(27);
    expect(await statusOf(stream, open)).toBe(503);
    expect((await api.ask(coach, 'GET', '/api/jobs')).body.type).toBe(
      'urn:doubletake:problem:too-many-connections',
    );
    expect(await crowd()).toBe(200);
    expect([followed, ...mine.slice(0, -1)].filter(({ destroyed }) => destroyed)).toEqual([]);
  } finally {
    for (const socket of open) socket.destroy();
  }
  // Then there is room again.
  while ((await api.ask(coach, 'GET', '/api/jobs')).status !== 200) await sleep(50);
});

test('headers that do not arrive in time are a 408, though they drip', async () => {
  const socket = send('GET /health/live HTTP/1.1\r\nhost: x\r\nslow: ');
  const drops = setInterval(() => socket.write('x'), 50);
  const [head = '', body = ''] = (await text(socket).finally(() => clearInterval(drops))).split('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 408 [\s\S]*application\/problem\+json/);
  expect(JSON.parse(body)).toMatchObject({
    status: 408,
    detail: expect.stringMatching(/headers did not arrive/),
  });
});
