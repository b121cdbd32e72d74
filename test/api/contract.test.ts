import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, METHODS, maxHeaderSize, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { goesOn } from './contract.ts';
import { squats } from './form.ts';
import { jobSteps } from './job-steps.ts';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';
import { creation, piece, tus } from './tus-requests.ts';

let api: RunningApi;
let operator: TestUser;
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
beforeAll(async () => {
  api = await startApi();
  operator = await api.user('operator');
});
afterAll(async () => {
  agent.destroy();
  await api.close();
});

interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

/** Asks with any method, at an address that is sent as it is. */
function askAsIs(method: string, path: string, headers = {}): Promise<Answer> {
  const { hostname, port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    request(
      { hostname, port, method, path, agent, headers: { ...operator.headers, ...headers } },
      (response) => {
        const all = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        text(response).then((body) => {
          const isJson = body && String(response.headers['content-type']).includes('json');
          resolve({
            status: response.statusCode as number,
            headers: new Headers(Object.fromEntries(all)),
            body: isJson ? JSON.parse(body) : body,
          });
        }, reject);
      },
    )
      .on('error', reject)
      .end();
  });
}

/** The same, and checks the answer against the document. */
async function ask(method: string, path: string, headers = {}): Promise<Answer> {
  const answer = await askAsIs(method, path, headers);
  api.contract.check(method, path, answer as unknown as Response, answer.body);
  return answer;
}

/** Sends bytes as they are. @returns what came until the connection was closed, taken apart */
async function sendRaw(bytes: string): Promise<Answer> {
  const { hostname, port } = new URL(api.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.write(bytes);
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => /^([^:]+): ?(.*)$/.exec(line)?.slice(1) as [string, string]);
  return { status: Number(first.split(' ')[1]), headers: new Headers(headers), body: JSON.parse(body) };
}

/** How many the server holds, and how many of them are ours to use again. */
const connections = () => promisify(api.api.server.getConnections.bind(api.api.server))();
const agentSockets = () => Object.values(agent.freeSockets).flat().length;

/** What every answer has, whoever gives it. */
function expectOurs({ status, headers, body }: Answer): void {
  expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('x-frame-options')).toBe('DENY');
  expect(headers.get('cache-control')).toMatch(/no-cache|no-store/);
  if (status < 400) return;
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  // A HEAD has no body.
  if (body === '') return;
  expect(body).toMatchObject({ status, request_id: headers.get('x-request-id') });
}

const filled = (path: string, value: string) => path.replace(/\{[^}]+\}/g, value);

test('whatever method a path does not have is a 405 that names those it has', async () => {
  const paths = [...new Set(api.contract.routes.map(({ path }) => path))];
  for (const path of paths) {
    const documented = api.contract.routes.filter((route) => route.path === path).map(({ method }) => method);
    const at = filled(path, randomUUID());
    let allowed: string | undefined;
    // CONNECT has no path; see below.
    for (const method of METHODS.filter((one) => one !== 'CONNECT' && !documented.includes(one))) {
      const answer = await ask(method, at);
      if (method === 'HEAD' && documented.includes('GET') && answer.status !== 405) continue;
      expect([method, path, answer.status]).toEqual([method, path, 405]);
      expectOurs(answer);
      allowed = answer.headers.get('allow') ?? '';
      const withoutHead = allowed.split(', ').filter((one) => one !== 'HEAD' || documented.includes('HEAD'));
      expect([path, withoutHead]).toEqual([path, [...documented].sort()]);
    }
    // HEAD is among them exactly where it is possible.
    const head = await ask('HEAD', at);
    expect([path, head.status !== 405]).toEqual([path, allowed?.split(', ').includes('HEAD')]);
  }
});

test('an address that is broken, too long or no address of anything is a documented problem', async () => {
  const parameterised = api.contract.routes.filter(({ path }) => path.includes('{'));
  expect(parameterised.length).toBeGreaterThan(15);
  for (const { method, path } of parameterised) {
    for (const [value, statuses] of [
      ['%', [400]],
      ['%zz', [400]],
      ['%ff', [400]],
      ['x'.repeat(501), [414]],
      ['%00', [404, 412]],
      ['nothing', [404, 412]],
    ] as const) {
      const answer = await ask(method, filled(path, value));
      const isOptions = method === 'OPTIONS' && answer.status === 404;
      expect([method, path, value, isOptions || statuses.includes(answer.status as never)]).toEqual([
        ...[method, path, value],
        true,
      ]);
      expectOurs(answer);
    }
  }
});

test('a broken query or fragment, or what has the look of one, fails nowhere', async () => {
  const routes = api.contract.routes.filter((route) => !goesOn(route));
  for (const { method, path } of [...routes, { method: 'GET', path: '/nope' }]) {
    for (const end of ['#%', '#%zz?', '?%', '?%ff#%', '%23%', '?#?']) {
      const at = filled(path, randomUUID()) + end;
      const { status } = await ask(method, at);
      expect([method, at, status < 500 || path === '/health/ready']).toEqual([method, at, true]);
    }
  }
  const pieces = ['/', '//', '%', '%zz', '%ff', '%2f', '%23', '%3F', '#', '?', ';', ':', '*', '.', '..', 'é'];
  const words = ['api', 'jobs', 'nope', 'http://', 'https://h', '@', '\\', '[', '&', '='];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('/', '/api/jobs', 'http://h', 'http://h/', '*', ''),
      fc.array(fc.constantFrom(...pieces, ...words), { minLength: 1, maxLength: 6 }),
      fc.constantFrom('GET', 'POST', 'DELETE', 'OPTIONS'),
      async (begin, parts, method) => {
        const answer = await askAsIs(method, begin + parts.join(''));
        expect(answer.status).toBeLessThan(500);
        if (answer.status >= 400) expectOurs(answer);
      },
    ),
    { numRuns: 300 },
  );
});

/** Larger than what else is sent as JSON: by the last word of the path. */
const mostOf: Readonly<Record<string, number>> = { batch: 32 * 1024 ** 2, knowledge: 4 * 1024 ** 2 };

test('a body that is too large or of a strange type is a documented problem wherever a body is read', async () => {
  const withBody = api.contract.routes.filter(({ method }) =>
    ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method),
  );
  for (const { method, path } of withBody) {
    const at = filled(path, randomUUID());
    const send = (type: string, body: string) =>
      api.ask(operator, method, at, { headers: { 'content-type': type }, body });
    expect([method, path, (await send('text/strange', 'x')).status]).toEqual([method, path, 415]);
    expect([method, path, (await send('application/json', '{"')).status]).toEqual([method, path, 400]);
    const most = mostOf[path.slice(path.lastIndexOf('/') + 1)] ?? 262_144;
    const tooLarge = await send('application/json', JSON.stringify('x'.repeat(most)));
    expect([method, path, tooLarge.status]).toEqual([method, path, 413]);
    expect(tooLarge.body.detail).toContain(`The body is larger than the ${most} bytes`);
  }
});

test.each<[string, number, string]>([
  ['bytes that are no HTTP', 400, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
  ['a method HTTP does not know', 400, 'BREW /api/jobs HTTP/1.1\r\nhost: x\r\n\r\n'],
  ['a broken header', 400, 'GET /api/jobs HTTP/1.1\r\nhost: x\r\nno colon\r\n\r\n'],
  ['no host', 400, 'GET /api/jobs HTTP/1.1\r\nconnection: close\r\n\r\n'],
  [
    'two lengths',
    400,
    'POST /api/jobs HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
  ],
  ['an asterisk', 404, 'OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'],
  ['large headers', 431, `GET / HTTP/1.1\r\nhost: x\r\na: ${'x'.repeat(maxHeaderSize)}\r\n\r\n`],
  ['a long address', 431, `GET /${'x'.repeat(maxHeaderSize)} HTTP/1.1\r\nhost: x\r\n\r\n`],
  ['a tunnel', 405, 'CONNECT example.org:443 HTTP/1.1\r\nhost: example.org:443\r\n\r\n'],
])('%s is a problem with a %d, as everything is', async (_what, status, bytes) => {
  const answer = await sendRaw(bytes);
  expect(answer.status).toBe(status);
  expectOurs(answer);
  api.contract.checkProblem(answer.body);
  const id = answer.headers.get('x-request-id') as string;
  expect(api.logged().includes(id)).toBe(true);
});

test.each([
  ['a tunnel', 'CONNECT example.org:443 HTTP/1.1\r\nhost: example.org:443\r\n\r\n'],
  ['large headers that go on', `GET / HTTP/1.1\r\nhost: x\r\na: ${'x'.repeat(4 * maxHeaderSize)}`],
])(
  'a client that asked for %s and neither reads nor leaves is cut; one that breaks off harms nobody',
  async (_what, bytes) => {
    const { hostname, port } = new URL(api.url);
    const staying = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    staying.on('error', () => {});
    staying.write(bytes);
    for (let n = 0; n < 20; n++) {
      const leaving = connect(Number(port), hostname);
      leaving.on('error', () => {});
      leaving.write(bytes, () => leaving.resetAndDestroy());
    }
    // Answered, ended and then destroyed by the server, though this side keeps its half open.
    await text(staying);
    while ((await connections()) > agentSockets()) await sleep(50);
    staying.destroy();
    expect((await ask('GET', '/health/live')).status).toBe(200);
  },
);

test('an expectation that is not known is passed over', async () => {
  const bytes = 'GET /health/live HTTP/1.1\r\nhost: x\r\nexpect: wonders\r\nconnection: close\r\n\r\n';
  expect(await sendRaw(bytes)).toMatchObject({ status: 200, body: { state: 'live' } });
});

test('what is refused is a problem, but for the one answer that the document names', async () => {
  const others = api.contract.routes.flatMap(({ method, path, responses }) =>
    Object.entries(responses)
      .filter(([status, { content = {} }]) => Number(status) >= 400 && 'application/json' in content)
      .map(([status]) => `${method} ${path} ${status}`),
  );
  expect(others).toEqual(['GET /health/ready 503']);
  const document = (await api.ask(null, 'GET', '/api/openapi.json')).body;
  for (const told of [document.info.description, readFileSync('docs/security.md', 'utf8')])
    expect(told).toMatch(/answer of 400 and above is `application\/problem\+json`.*503 of `\/health\/ready`/);
});

test('every operation documents what may be refused before and in it', () => {
  for (const route of api.contract.routes) {
    const given = Object.keys(route.responses).map(Number);
    const wanted = [
      ...[400, 408, 431, 500, 503],
      ...(route['x-access'] === 'public' ? [] : [401, 403]),
      ...(route.path.includes('{') ? [404, 414] : []),
      ...(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(route.method) ? [413, 415] : []),
      ...(route.parameters?.some((one) => one.in === 'query') ? [422] : []),
    ];
    expect([route.method, route.path, wanted.filter((one) => !given.includes(one))]).toEqual([
      ...[route.method, route.path],
      [],
    ]);
  }
});

test('tus: the document has the headers that are sent, and those that come', async () => {
  const documented = (method: string, path: string, status: number) =>
    Object.keys(
      api.contract.routes.find((one) => one.method === method && one.path === path)?.responses[status]
        ?.headers ?? {},
    );
  const asked = (method: string, path: string) =>
    api.contract.routes
      .find((one) => one.method === method && one.path === path)
      ?.parameters?.filter((one) => one.in === 'header')
      .map(({ name }) => name);
  const [all, one] = ['/api/uploads', '/api/uploads/{id}'];
  expect(asked('POST', all)).toEqual(['tus-resumable', 'upload-length', 'upload-metadata']);
  expect(asked('PATCH', one)).toEqual(['tus-resumable', 'upload-offset']);

  const offered = await api.ask(null, 'OPTIONS', all);
  const begun = await api.ask(operator, 'POST', all, { headers: creation(squats.length) });
  const path = begun.headers.get('location') as string;
  const sent = await api.ask(operator, 'PATCH', path, {
    headers: { ...piece, 'upload-offset': '0' },
    body: new Uint8Array(squats.subarray(0, 1000)),
  });
  const where = await api.ask(operator, 'HEAD', path, { headers: tus });
  const gone = await api.ask(operator, 'DELETE', path, { headers: tus });
  for (const [answer, method, at] of [
    [offered, 'OPTIONS', all],
    [begun, 'POST', all],
    [sent, 'PATCH', one],
    [where, 'HEAD', one],
    [gone, 'DELETE', one],
  ] as const) {
    const names = documented(method, at, answer.status);
    expect(names).toContain('tus-resumable');
    expect([method, names.filter((name) => !answer.headers.has(name))]).toEqual([method, []]);
  }
});

test('events of a job are as the document has them', async () => {
  const jobs = jobSteps(api, operator);
  const job = await jobs.newJob();
  await jobs.fail(job.id);
  const stream = await fetch(`${api.url}/api/jobs/${job.id}/progress`, { headers: operator.headers });
  const events = [...(await stream.text()).matchAll(/^event: (\w+)\n(?:id: .*\n)?data: (.*)$/gm)];
  expect(events.map(([, name]) => name)).toEqual(['progress', 'end']);
  for (const [, name = '', data = ''] of events) api.contract.checkEvent(name, JSON.parse(data));
  api.contract.checkEvent('end', { id: job.id, deleted: true });
  expect(() => api.contract.checkEvent('progress', { id: job.id })).toThrow(/event progress/);
});

test('what comes while the server stops is a problem that says so', async () => {
  const stopping = await startApi();
  const { hostname, port } = new URL(stopping.url);
  const socket = connect(Number(port), hostname);
  const answered = text(socket);
  const { authorization } = (await stopping.user()).headers;
  const head = `host: x\r\nauthorization: ${authorization}\r\n`;
  socket.write(
    `POST /api/jobs HTTP/1.1\r\n${head}content-type: application/json\r\ncontent-length: 2\r\n\r\n{`,
  );
  while (!stopping.logged().includes('incoming request')) await sleep(10);
  const closed = stopping.close();
  socket.write(`}GET /api/jobs HTTP/1.1\r\n${head}\r\n`);
  const [, first, second] = (await answered).split('HTTP/1.1 ');
  await closed;
  // What was at work is finished.
  expect(first).toMatch(/^422 /);
  expect(second).toMatch(/^503 .*application\/problem\+json.*urn:doubletake:problem:stopping/s);
});
