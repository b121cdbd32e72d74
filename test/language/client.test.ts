import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createKnownSecrets } from '../../src/domain/known-secrets.ts';
import { openLanguageClient } from '../../src/language/client.ts';
import { openNamedModel } from '../../src/language/open-named.ts';
import { retryAfterMs } from '../../src/language/retry-after.ts';
import { openSecrets } from '../../src/worker/open-secrets.ts';
import {
  type Behaviour,
  openLanguageEndpoint,
  promptOf,
  type TestLanguageEndpoint,
} from '../support/language-endpoint.ts';

let endpoint: TestLanguageEndpoint;
beforeAll(async () => {
  endpoint = await openLanguageEndpoint('Hello.');
  // What the library would read by itself, and send to somebody it is not meant for.
  Object.assign(process.env, {
    OPENAI_API_KEY: 'sk-of-somebody-else',
    OPENAI_ORG_ID: 'org-of-somebody-else',
  });
});
afterAll(async () => {
  delete process.env.OPENAI_API_KEY;
  delete process.env.OPENAI_ORG_ID;
  await endpoint?.close();
});

const key = 'sk-very-secret-0123456789';
const named = { name: 'language model', model: 'tiny' };
const client = (seconds = 30, url = endpoint.url) =>
  openLanguageClient({ ...named, url, seconds, key: async () => key });
const never = new AbortController().signal;
const hello = [{ role: 'user' as const, text: 'Hello?' }];

/** How a request fails. */
async function failureWith(behaviour: Behaviour, seconds = 30): Promise<Error & Record<string, unknown>> {
  endpoint.will(behaviour);
  const error = await client(seconds)
    .chat(hello, never)
    .then(
      (text) => new Error(`It was answered: ${text}`),
      (failure) => failure,
    );
  // Neither the key nor what the endpoint said, whichever way somebody prints it.
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(key.slice(3));
  return error;
}

test('a text is streamed and put together; pictures go as data', async () => {
  endpoint.will('Two hemispheres, and what lies between them.');
  const images = [{ media_type: 'image/png' as const, bytes: new Uint8Array([1, 2, 3]) }];
  const messages = [
    { role: 'system' as const, text: 'Describe.' },
    { role: 'user' as const, text: 'What is it?', images },
  ];
  expect(await client().chat(messages, never)).toBe('Two hemispheres, and what lies between them.');
  const last = endpoint.heard.at(-1);
  expect(last?.path).toBe('/v1/chat/completions');
  expect(last?.headers.authorization).toBe(`Bearer ${key}`);
  expect(last?.headers).not.toHaveProperty('openai-organization');
  expect(last?.body).toMatchObject({
    model: 'tiny',
    stream: true,
    messages: [
      { role: 'system', content: 'Describe.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is it?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID' } },
        ],
      },
    ],
  });
});

test('without a key none is sent, whatever the variables of this process hold', async () => {
  endpoint.will('Hello.');
  const keyless = openLanguageClient({ ...named, url: endpoint.url, seconds: 30 });
  expect(await keyless.chat(hello, never)).toBe('Hello.');
  expect(endpoint.heard.at(-1)?.headers).not.toHaveProperty('authorization');
});

test.each<[string, Behaviour, object]>([
  ['a page with status 200', 'html page', { type: 'EndpointNonsense', retryable: true }],
  ['broken JSON', 'broken json', { type: 'EndpointNonsense', retryable: true }],
  ['a broken event', 'broken event', { type: 'EndpointNonsense', retryable: true }],
  [
    'a stream that ends in order in the middle',
    'cut in order',
    { type: 'EndpointNonsense', retryable: true },
  ],
  ['a stream whose connection breaks', 'cut off', { type: 'EndpointUnavailable', retryable: true }],
  ['an error within the stream', 'error event', { type: 'EndpointUnavailable', retryable: true }],
  ['a stream without an end', 'endless', { type: 'EndpointNonsense', retryable: true }],
  ['an empty text', ' ', { type: 'EndpointNonsense', retryable: true }],
  ['a text that became too long', { finish: 'length' }, { type: 'EndpointNonsense', retryable: false }],
  ['a filtered text', { finish: 'content_filter' }, { type: 'EndpointNonsense', retryable: false }],
  ['a tool in place of a text', { finish: 'tool_calls' }, { type: 'EndpointNonsense', retryable: false }],
  ['500', { status: 500 }, { type: 'EndpointUnavailable', retryable: true }],
  ['503', { status: 503 }, { type: 'EndpointUnavailable', retryable: true }],
  [
    '429 with a time to wait',
    { status: 429, headers: { 'retry-after': '7' } },
    { type: 'EndpointUnavailable', retryable: true, retry_after_ms: 7000 },
  ],
  ['429 without one', { status: 429 }, { type: 'EndpointUnavailable', retry_after_ms: undefined }],
  ['a wrong key', { status: 401 }, { type: 'EndpointRefused', retryable: false }],
  ['an unknown model', { status: 404 }, { type: 'EndpointRefused', retryable: false }],
  ['a request that is too large', { status: 413 }, { type: 'EndpointRefused', retryable: false }],
  [
    'a redirect',
    { status: 307, headers: { location: 'http://127.0.0.1:9/v1/chat/completions' } },
    { type: 'EndpointRefused', retryable: false },
  ],
])('%s is one request and a failure of its own', async (_, behaviour, expected) => {
  const before = endpoint.heard.length;
  expect(await failureWith(behaviour)).toMatchObject(expected);
  expect(endpoint.heard).toHaveLength(before + 1);
});

test.each<Behaviour>(['silent', 'stalls'])('an endpoint that is %s is given up', async (behaviour) => {
  expect(await failureWith(behaviour, 1)).toMatchObject({
    type: 'EndpointUnavailable',
    message: 'The language model did not answer within 1 s.',
  });
});

test('whoever stops asking is told so, and not that the endpoint failed', async () => {
  endpoint.will('stalls');
  const stop = new AbortController();
  const asked = client().chat(hello, stop.signal);
  stop.abort(new DOMException('told to stop', 'AbortError'));
  await expect(asked).rejects.toMatchObject({ name: 'AbortError', message: 'told to stop' });
});

test('an endpoint that is not there is out of reach', async () => {
  const gone = await openLanguageEndpoint();
  await gone.close();
  await expect(client(30, gone.url).chat(hello, never)).rejects.toMatchObject({
    type: 'EndpointUnavailable',
    message: 'The language model is out of reach: the connection was refused.',
  });
});

test('a key that cannot be read fails by itself, and nothing is asked', async () => {
  const before = endpoint.heard.length;
  const missing = new Error('The secret is not available.');
  const keyOf = () => Promise.reject(missing);
  const asked = openLanguageClient({ ...named, url: endpoint.url, seconds: 30, key: keyOf });
  await expect(asked.chat(hello, never)).rejects.toBe(missing);
  expect(endpoint.heard).toHaveLength(before);
});

test('the key of a named model is a secret of the file, read before each request, and known to the log from then on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  const path = join(folder, 'secrets');
  const known = createKnownSecrets();
  const secrets = openSecrets(path, { known, log: { warn() {} } });
  const settings = { url: endpoint.url, model: 'tiny', key: 'MODELS', seconds: 30 };
  const named = openNamedModel('language model', settings, secrets);
  endpoint.will('Hello.');
  for (const value of ['sk-first-0123456789', 'sk-rotated-0123456789']) {
    await writeFile(path, `MODELS=${value}\n`, { mode: 0o600 });
    expect(await named.chat(hello, never)).toBe('Hello.');
    expect(endpoint.heard.at(-1)?.headers.authorization).toBe(`Bearer ${value}`);
    expect(known.redact(`It said ${value}.`)).not.toContain(value);
  }
  await writeFile(path, 'OTHER=sk-other-0123456789\n');
  await expect(named.chat(hello, never)).rejects.toMatchObject({
    type: 'SecretMissing',
    secret_name: 'MODELS',
  });
  await rm(folder, { recursive: true });
});

test('an answer in one piece is understood as well', async () => {
  // As endpoints do that do not stream: the test's own ignores the wish.
  endpoint.will((heard) => {
    delete heard.body.stream;
    return `You said: ${promptOf(heard)}`;
  });
  expect(await client().chat(hello, never)).toBe('You said: Hello?');
});

test('texts become vectors, one each, in their order', async () => {
  const vectors = await client().embed(['grey matter', 'white matter', 'grey matter'], never);
  expect(vectors).toHaveLength(3);
  expect(vectors[0]).toEqual(vectors[2]);
  expect(vectors[0]).not.toEqual(vectors[1]);
});

test('the time to wait is seconds or a date, and never longer than five minutes', () => {
  const of = (text: string) => retryAfterMs(new Headers({ 'retry-after': text }), Date.UTC(2026, 0, 1));
  expect(of('2')).toBe(2000);
  expect(of('Thu, 01 Jan 2026 00:00:30 GMT')).toBe(30_000);
  expect(of('Wed, 31 Dec 2025 23:00:00 GMT')).toBe(0);
  expect(of('86400')).toBe(300_000);
  expect(of('soon')).toBeUndefined();
  expect(retryAfterMs(new Headers())).toBeUndefined();
});
