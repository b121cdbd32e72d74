import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import Fastify from 'fastify';
import { access } from '../../src/api/plugins/access.ts';
import { openAssist } from '../../src/database/assist/open-assist.ts';
import { transitionJob } from '../../src/database/jobs/transition-job.ts';
import { artifactKey } from '../../src/domain/artifact.ts';
import { takes } from '../../src/domain/kind.ts';
import { kinds } from '../../src/domain/kinds/index.ts';
import { persistTechniquePass } from '../../src/kinds/technique/tables/persist-technique-pass.ts';
import { phone } from '../support/measurement/phone-photo.ts';
import { type DocumentedRoute, goesOn } from './contract.ts';
import { form, squats, video } from './form.ts';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';

let api: RunningApi;
let owner: TestUser;
let stranger: TestUser;
let operator: TestUser;
beforeAll(async () => {
  api = await startApi();
  [owner, stranger, operator] = await Promise.all([api.user(), api.user(), api.user('operator')]);
});
afterAll(() => api.close());

const tus = { 'tus-resumable': '1.0.0' };

async function newJob(kind = 'technique', file: Blob = video()): Promise<{ id: string; session_id: string }> {
  const body = form(['kind', kind], ['file', file, 'a.mp4']);
  return (await api.ask(owner, 'POST', '/api/jobs', { body })).body;
}

/** A job of the owner that runs and has stored something. */
async function runningJob() {
  const job = await newJob();
  const at = { job_id: job.id, attempt: 1, stage: 'QUICK', why: 'test' };
  await transitionJob(api.database, { ...at, to: 'processing' });
  const artifact = {
    pass: 'quick',
    name: 'report.json',
    key: artifactKey(job.id, 'quick', 'report.json'),
    media_type: 'application/json',
    bytes: 2,
    sha256: '0'.repeat(64),
  };
  await persistTechniquePass(api.database, {
    ...{ job_id: job.id, attempt: 1, pass: 'quick', results: null, results_s3_key: null },
    ...{ findings: null, report: null, artifacts: [artifact] },
  });
  return job;
}

async function failedJob() {
  const job = await newJob();
  const at = { job_id: job.id, attempt: 1, why: 'test' };
  await transitionJob(api.database, { ...at, to: 'failed', stage: 'FAILED', error_message: 'test' });
  return job;
}

/** A measurement of the owner that waits for a person. */
async function waitingJob() {
  const { id } = await newJob('measurement', new Blob([phone.bytes]));
  const at = { job_id: id, attempt: 1, why: 'test' };
  await transitionJob(api.database, { ...at, to: 'processing', stage: 'MEASURING' });
  return transitionJob(api.database, { ...at, to: 'needs_assist', stage: 'ASSIST' }, (tx) =>
    openAssist(tx, { ...at, ask, due_at: new Date() }),
  );
}

const ask = {
  ...{ image: { width: 1280, height: 720 }, reasons: [], objects: [{ n: 1 }], reference: null },
  ...{ needs_reference: false, needs_object: false },
};

const json = (body: unknown) => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

async function newEvent(): Promise<string> {
  const event_id = randomUUID();
  await api.ask(owner, 'POST', '/api/events', json({ event_id, started_at: '2026-10-01T00:00:00Z' }));
  return event_id;
}

async function newCamera(): Promise<string> {
  const camera_id = randomUUID();
  await api.ask(owner, 'POST', '/api/cameras', json({ camera_id }));
  return camera_id;
}

/** Something of the owner's for each kind of path, and the path with it. */
const made: Record<string, () => Promise<string>> = {
  '/api/jobs/{id}': async () => `/api/jobs/${(await newJob()).id}`,
  '/api/jobs/{id}/assist': async () => `/api/jobs/${(await waitingJob()).job_id}/assist`,
  '/api/analyses/{id}': async () => `/api/analyses/${(await waitingJob()).job_id}`,
  '/api/jobs/{id}/retry': async () => `/api/jobs/${(await failedJob()).id}/retry`,
  '/api/jobs/{id}/progress': async () => `/api/jobs/${(await failedJob()).id}/progress`,
  '/api/jobs/{id}/artifacts/{pass}/{name}': async () =>
    `/api/jobs/${(await runningJob()).id}/artifacts/quick/report.json`,
  '/api/sessions/{id}': async () => `/api/sessions/${(await failedJob()).session_id}`,
  '/api/uploads/{id}': async () => {
    const headers = { ...tus, 'upload-length': String(squats.length) };
    return (await api.ask(owner, 'POST', '/api/uploads', { headers })).headers.get('location') as string;
  },
  '/api/deletions/{id}': async () => {
    const job = await failedJob();
    return (await api.ask(owner, 'DELETE', `/api/jobs/${job.id}`)).headers.get('location') as string;
  },
  '/api/events/{event_id}': async () => `/api/events/${await newEvent()}`,
  '/api/events/{event_id}/image': async () => `/api/events/${await newEvent()}/image`,
  '/api/events/{event_id}/clip': async () => `/api/events/${await newEvent()}/clip`,
  '/api/cameras/{camera_id}': async () => `/api/cameras/${await newCamera()}`,
  '/reports/{job_id}': async () => `/reports/${(await newJob()).id}`,
  '/api/coaches/plus/analysis-jobs/{job_id}': async () =>
    `/api/coaches/plus/analysis-jobs/${(await newJob()).id}`,
};

/** What the owner gets where it is not what `successes` says of the method. */
const ownersAnswer: Record<string, number> = {
  'GET /api/jobs/{id}/result': 409,
  'GET /reports/{job_id}': 400,
  'GET /api/jobs/{id}/artifacts/{pass}/{name}': 302,
  'DELETE /api/jobs/{id}': 409,
  'DELETE /api/uploads/{id}': 204,
  'POST /api/uploads': 201,
  // It may, but no workflow is there.
  'POST /api/jobs/{id}/assist': 409,
  'PATCH /api/jobs/{id}/assist': 200,
  'POST /api/events': 201,
  'POST /api/events/batch': 200,
  'PATCH /api/events/{event_id}': 200,
  'DELETE /api/events/{event_id}': 204,
  'POST /api/cameras': 201,
  'PATCH /api/cameras/{camera_id}': 200,
  'DELETE /api/cameras/{camera_id}': 200,
  // A box's event has neither.
  'GET /api/events/{event_id}/image': 404,
  'GET /api/events/{event_id}/clip': 404,
};

/** What is one user's and nobody's besides, unless an operator names the owner; others it is a 404 to operators, too. */
const ofOneUser = /^\/api\/(events|cameras)\//;

const successes: Record<string, number> = {
  GET: 200,
  HEAD: 200,
  POST: 202,
  PATCH: 204,
  DELETE: 202,
  OPTIONS: 204,
};

async function pathOf({ path, tags = [] }: DocumentedRoute): Promise<string> {
  if (!path.includes('{')) return path;
  const exact = made[path];
  if (exact) return exact();
  const kind = kinds.all.find((one) => tags.includes(one.kind));
  // A kind's own route for its jobs, as `npm run new-kind` writes it.
  if (kind && path.replace('{job_id}', '').search('{') < 0) {
    const packed = takes(kind, 'application/gzip') && new Blob([gzipSync('a scan, say')]);
    const file = takes(kind, 'video/mp4')
      ? video()
      : packed && !takes(kind, '*/*')
        ? packed
        : new Blob([phone.bytes]);
    return path.replace('{job_id}', (await newJob(kind.kind, file)).id);
  }
  if (path.startsWith('/api/jobs/{id}/')) return path.replace('{id}', (await newJob()).id);
  throw new Error(`This test knows no ${path}: give it something of the owner's to ask for.`);
}

function initOf({ method, path }: DocumentedRoute): RequestInit {
  if (path.startsWith('/api/uploads') && method !== 'GET') {
    const piece = { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' };
    if (method === 'PATCH') return { headers: { ...tus, ...piece }, body: new Uint8Array(squats) };
    return { headers: method === 'POST' ? { ...tus, 'upload-length': '5' } : tus };
  }
  if (method === 'POST' && path === '/api/jobs') {
    return { body: form(['kind', 'technique'], ['file', video(), 'a.mp4']) };
  }
  if (path === '/api/jobs/{id}/assist' && method !== 'GET') {
    return json(method === 'POST' ? { size_mm: 60 } : { assignee: 'lab-1' });
  }
  if (path.startsWith('/api/events') && method === 'POST') {
    const event = { event_id: randomUUID(), started_at: '2026-10-01T00:00:00Z' };
    return json(path.endsWith('/batch') ? [event] : event);
  }
  if (path.startsWith('/api/events') && method === 'PATCH') return json({ keep: true });
  if (path === '/api/knowledge' && method === 'POST') {
    const from = { source: 'A test', licence: 'CC0-1.0', verified: false };
    return json({ passages: [{ id: 'a-test', title: 'A test', text: 'Nothing of note.', ...from }] });
  }
  if (path.startsWith('/api/cameras') && method === 'POST') return json({ camera_id: randomUUID() });
  if (path.startsWith('/api/cameras') && method === 'PATCH') return json({ name: 'Yard' });
  return {};
}

test('the OpenAPI document is one, and every route in it has a decision', () => {
  expect(api.contract.validity).toMatchObject({ valid: true });
  // As earlier versions wrote tuples: the validator takes them, and programs that read the document do not.
  expect(JSON.stringify(api.api.swagger())).not.toMatch(/"items":\[/);
  expect(api.contract.routes.length).toBeGreaterThan(20);
  for (const route of api.contract.routes) {
    expect(['public', 'user', 'operator']).toContain(route['x-access']);
    expect([route.path, Boolean(route.security)]).toEqual([route.path, route['x-access'] !== 'public']);
    expect(Object.keys(route.responses).length).toBeGreaterThan(1);
  }
});

test('route by route: nobody without a token, no stranger, the owner, an operator', async () => {
  const tried: string[] = [];
  for (const route of api.contract.routes) {
    const { method, path } = route;
    const name = `${method} ${path}`;
    const ask = async (user: TestUser | null, at: string) => {
      if (!goesOn(route)) return (await api.ask(user, method, at, initOf(route))).status;
      const response = await fetch(api.url + at, { headers: { ...user?.headers } });
      await response.body?.cancel();
      return response.status;
    };
    const wanted = ownersAnswer[name] ?? successes[method];

    if (route['x-access'] === 'public') {
      expect([name, await ask(null, await pathOf(route))]).toEqual([name, wanted]);
    } else if (route['x-access'] === 'operator') {
      expect([name, await ask(null, await pathOf(route))]).toEqual([name, 401]);
      expect([name, await ask(owner, await pathOf(route))]).toEqual([name, 403]);
      expect([name, await ask(operator, await pathOf(route))]).toEqual([name, 200]);
    } else {
      expect([name, await ask(null, await pathOf(route))]).toEqual([name, 401]);
      expect([
        name,
        await ask({ id: '', headers: { authorization: 'Bearer dt_wrong' } }, await pathOf(route)),
      ]).toEqual([name, 401]);
      if (path.includes('{')) expect([name, await ask(stranger, await pathOf(route))]).toEqual([name, 404]);
      expect([name, await ask(owner, await pathOf(route))]).toEqual([name, wanted]);
      const operators = ofOneUser.test(path) && path.includes('{') ? 404 : wanted;
      expect([name, await ask(operator, await pathOf(route))]).toEqual([name, operators]);
    }
    tried.push(name);
  }
  expect(tried).toContain('HEAD /api/uploads/{id}');
});

test('lists show one’s own, to an operator all', async () => {
  const job = await newJob();
  for (const [path, id] of [
    ['/api/jobs?limit=100', job.id],
    ['/api/sessions?limit=100', job.session_id],
  ] as const) {
    const ids = async (user: TestUser) => {
      const { items } = (await api.ask(user, 'GET', path)).body;
      return items.map((item: { id: string }) => item.id);
    };
    expect(await ids(owner)).toContain(id);
    expect(await ids(operator)).toContain(id);
    expect(await ids(stranger)).toEqual([]);
  }
});

test('an operator’s job on someone’s session is that someone’s', async () => {
  const { session_id } = await newJob();
  const { body } = await api.ask(operator, 'POST', '/api/jobs', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ session_id, kind: 'technique' }),
  });
  expect(body.user_id).toBe(owner.id);
  expect((await api.ask(owner, 'GET', `/api/jobs/${body.id}`)).status).toBe(200);
});

test('an id that cannot be one is not there', async () => {
  for (const path of [
    '/api/jobs/7',
    '/api/sessions/7',
    '/api/deletions/7',
    '/api/jobs/7/result',
    '/reports/7',
  ]) {
    const answer = await api.ask(owner, 'GET', path);
    expect([path, answer.status]).toEqual([path, 404]);
  }
  expect((await api.ask(owner, 'GET', `/api/jobs/${randomUUID()}`)).body.detail).toMatch(/^There is no job /);
});

test('a 401 says what to send', async () => {
  const answer = await api.ask(null, 'GET', '/api/jobs');
  expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="doubletake"');
  expect(answer.body).toMatchObject({ type: 'urn:doubletake:problem:unauthorized', status: 401 });
});

test('no token ever reaches the log', async () => {
  await api.ask(owner, 'GET', '/api/jobs');
  await fetch(`${api.url}/api/jobs?token=${owner.headers.authorization.slice(7)}`, {
    headers: owner.headers,
  });
  expect(api.logged()).toContain('/api/jobs');
  for (const { headers } of [owner, stranger, operator]) {
    expect(api.logged()).not.toContain(headers.authorization.slice('Bearer '.length));
  }
});

test('a server with a route nobody decided about does not start', async () => {
  const server = Fastify();
  await server.register(access, {
    authenticate: async () => ({ id: 'x', role: 'user', until: null, limitedTo: null }),
  });
  server.get('/decided', { config: { access: 'public' } }, () => 'ok');
  server.get('/forgotten', () => 'ok');
  await expect(server.ready()).rejects.toThrow(/GET \/forgotten/);
});
