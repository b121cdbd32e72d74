import { type ClientRequest, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { squats } from './form.ts';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';
import { beginUpload, piece } from './tus-requests.ts';

let api: RunningApi;
let coach: TestUser;
beforeAll(async () => {
  api = await startApi();
  coach = await api.user();
});
afterAll(() => api?.close());

const begin = () => beginUpload(api, coach, squats.length);
const whole = { ...piece, 'upload-offset': '0' };

/** Sends one byte, and no more. */
async function sendSlowly(): Promise<ClientRequest> {
  const headers = { ...coach.headers, ...whole, 'content-length': String(squats.length) };
  const outgoing = request(api.url + (await begin()), { method: 'PATCH', headers });
  outgoing.on('error', () => {});
  await new Promise((resolve) => outgoing.write(squats.subarray(0, 1), resolve));
  return outgoing;
}

test('many slow uploads keep nobody else waiting, while they last and when they break off', async () => {
  // More than parts of one request may be on their way.
  const slow = await Promise.all(Array.from({ length: 12 }, sendSlowly));
  await sleep(500);
  const send = async () => {
    const init = { headers: whole, body: new Uint8Array(squats) };
    return (await api.ask(coach, 'PATCH', await begin(), init)).status;
  };
  expect(await send()).toBe(204);
  for (const outgoing of slow) outgoing.destroy();
  await sleep(200);
  expect(await Promise.all(Array.from({ length: 12 }, send))).toEqual(Array(12).fill(204));
});
