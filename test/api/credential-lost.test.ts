import { writeFile } from 'node:fs/promises';
import { type ClientRequest, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openApiClient } from '../../src/cli/api-client.ts';
import { uploadResumably } from '../../src/cli/upload/resumable.ts';
import { sourceFile } from '../../src/cli/upload/source-file.ts';
import { transitionJob } from '../../src/database/jobs/transition-job.ts';
import { doubletake } from '../cli/run-cli.ts';
import { makeScratchFolder } from '../support/media/scratch-folder.ts';
import { eventsIn } from './events-in.ts';
import { form, squats, video } from './form.ts';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';
import { beginUpload, piece, tus } from './tus-requests.ts';

let api: RunningApi;
beforeAll(async () => {
  // What goes on for a minute elsewhere is asked about again at once.
  api = await startApi({ limits: { lookMs: 100, bytesPerSecond: 0 } });
});
afterAll(() => api?.close());

const revoke = ({ id }: TestUser) =>
  api.database.em().execute('UPDATE api_keys SET revoked_at = now() WHERE user_id = ?', [id]);
const expire = ({ id }: TestUser) =>
  api.database.em().execute('UPDATE api_keys SET expires_at = now() WHERE user_id = ?', [id]);
const words = 'This API key is unknown, expired or revoked.';
const problem = { type: 'urn:doubletake:problem:unauthorized', status: 401, detail: words };

async function newJob(user: TestUser): Promise<string> {
  const body = form(['kind', 'technique'], ['file', video(), 'a.mp4']);
  return (await api.ask(user, 'POST', '/api/jobs', { body })).body.id;
}

const begin = (job_id: string) =>
  transitionJob(api.database, { job_id, attempt: 1, to: 'processing', stage: 'QUICK', why: 'test' });

test.each([
  ['revoked', revoke],
  ['expired', expire],
])(
  'an event stream whose key is %s ends with the words of a 401 in place of the event',
  async (_how, end) => {
    const user = await api.user();
    const id = await newJob(user);
    const response = await fetch(`${api.url}/api/jobs/${id}/progress`, { headers: user.headers });
    const reader = response.body?.pipeThrough(new TextDecoderStream() as never).getReader();
    let told = '';
    const read = async (until: string) => {
      for (let done = false; !done && !told.includes(until); ) {
        const chunk = await reader?.read();
        done = chunk?.done ?? true;
        told += chunk?.value ?? '';
      }
    };
    await read('"status":"queued"');
    await end(user);
    await begin(id);
    await read('never: to its end');
    expect(told).not.toContain('"processing"');
    const events = eventsIn(told);
    expect(events.map(({ name }) => name)).toEqual(['progress', 'problem']);
    for (const { name, data } of events) api.contract.checkEvent(name, data);
    expect(events.at(-1)?.data).toMatchObject({
      ...problem,
      request_id: response.headers.get('x-request-id'),
    });
    expect(api.logged()).toContain('refused while it went on');
  },
);

test('the command line that follows the job ends with those words, and says that the job goes on', async () => {
  const user = await api.user();
  const id = await newJob(user);
  const { code, stderr } = await doubletake(['job', id, '--wait'], {
    env: { DOUBLETAKE_API: api.url, DOUBLETAKE_API_KEY: user.headers.authorization.slice(7) },
    during(_child, soFar) {
      const looking = setInterval(async () => {
        if (!soFar().includes('QUEUED')) return;
        clearInterval(looking);
        await revoke(user);
        await begin(id);
      }, 50);
    },
  });
  expect(stderr).toContain(`doubletake: ${words} Only this wait has ended: the job goes on.`);
  expect(code).toBe(2);
});

/** A request whose body goes on. */
function sending(method: string, path: string, headers: Record<string, string>) {
  const outgoing: ClientRequest = request(api.url + path, { method, headers });
  outgoing.on('error', () => {});
  const answered = new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      void text(response).then((body) => resolve({ status: response.statusCode, body }), reject);
    });
  });
  return { outgoing, answered };
}

test('a form whose key is revoked while its file arrives is a 401, and leaves nothing in storage', async () => {
  const user = await api.user();
  const before = await api.objects();
  const type = { 'content-type': 'multipart/form-data; boundary=x' };
  const { outgoing, answered } = sending('POST', '/api/jobs', { ...user.headers, ...type });
  outgoing.write('--x\r\ncontent-disposition: form-data; name="kind"\r\n\r\ntechnique\r\n');
  outgoing.write('--x\r\ncontent-disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n');
  outgoing.write(squats.subarray(0, 300_000));
  await sleep(300);
  await revoke(user);
  const { status, body } = await answered;
  expect([status, JSON.parse(body)]).toEqual([401, expect.objectContaining(problem)]);
  outgoing.destroy();
  expect(await api.objects()).toEqual(before);
});

test('a resumable upload keeps what had arrived, and goes on with a good key', async () => {
  const whole = Buffer.concat([squats, Buffer.alloc(12_000_000 - squats.length, 7)]);
  const user = await api.user();
  const path = await beginUpload(api, user, whole.length);
  const headers = { ...user.headers, ...piece, 'upload-offset': '0' };
  const { outgoing, answered } = sending('PATCH', path, {
    ...headers,
    'content-length': String(whole.length),
  });
  await new Promise((resolve) => outgoing.write(whole.subarray(0, 9_500_000), resolve));
  await sleep(500);
  await revoke(user);
  const { status, body } = await answered;
  expect([status, JSON.parse(body)]).toEqual([401, expect.objectContaining(problem)]);
  outgoing.destroy();
  expect((await api.ask(user, 'HEAD', path, { headers: tus })).status).toBe(401);

  const again = await api.user('user', user.id);
  const asked = await api.ask(again, 'HEAD', path, { headers: tus });
  const offset = Number(asked.headers.get('upload-offset'));
  expect(offset).toBeGreaterThanOrEqual(8 * 1024 * 1024);
  const rest = await api.ask(again, 'PATCH', path, {
    headers: { ...piece, 'upload-offset': String(offset) },
    body: new Uint8Array(whole.subarray(offset)),
  });
  expect(rest.status).toBe(204);
  const key = (await api.objects()).find((one) => one.includes(path.split('/').at(-1) as string)) as string;
  expect((await api.store.get(key)).equals(whole)).toBe(true);
});

test('an interrupted upload tried with a bad key is not forgotten: the command goes on with a good one', async () => {
  const folder = await makeScratchFolder();
  const path = folder.file('long.mp4');
  await writeFile(path, Buffer.concat([squats, Buffer.alloc(30_000_000, 7)]));
  const file = await sourceFile(path);
  const user = await api.user();
  const resumed: string[] = [];
  // Unfinished uploads are noted below it.
  process.env.XDG_STATE_HOME = folder.file('state');
  const send = (by: TestUser, interruption?: AbortController) =>
    uploadResumably(
      openApiClient(() => ({ url: api.url, origin: 'the test' }), by.headers.authorization.slice(7)),
      file,
      {
        onProgress: (sent) => sent > 9_000_000 && interruption?.abort(),
        onResume: () => resumed.push(by.id),
        onRetry: () => {},
        signal: interruption?.signal ?? new AbortController().signal,
      },
    );
  try {
    await expect(send(user, new AbortController())).rejects.toThrow('aborted');
    await revoke(user);
    await expect(send(user)).rejects.toMatchObject({ status: 401, message: words });
    expect(resumed).toEqual([]);
    const again = await api.user('user', user.id);
    const id = await send(again);
    expect(resumed).toEqual([user.id]);
    expect((await api.ask(again, 'GET', `/api/uploads/${id}`)).body).toMatchObject({ bytes: file.bytes });
  } finally {
    delete process.env.XDG_STATE_HOME;
    await folder.remove();
  }
});
