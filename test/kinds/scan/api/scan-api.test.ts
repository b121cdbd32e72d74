import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { transitionJob } from '../../../../src/database/jobs/transition-job.ts';
import { artifactKey } from '../../../../src/domain/artifact.ts';
import type { ScanResult } from '../../../../src/kinds/scan/analysis/result.ts';
import { stageNames } from '../../../../src/kinds/scan/analysis/stage.ts';
import { persistScan } from '../../../../src/kinds/scan/tables/persist-scan.ts';
import { form } from '../../../api/form.ts';
import { type RunningApi, startApi, type TestUser } from '../../../api/running-api.ts';

let api: RunningApi;
let user: TestUser;
let operator: TestUser;
beforeAll(async () => {
  api = await startApi();
  [user, operator] = await Promise.all([api.user(), api.user('operator')]);
});
afterAll(() => api.close());

const name = '<b>in*voice</b>.zip';
const finding = {
  ...{ id: 'a.b', title: 'A program', score: 800, where: { path: `${name}/x.exe`, offset: 12 } },
  ...{ evidence: 'http://evil.example/x', attack: 'T1204.002' },
};
const result: ScanResult = {
  verdict: 'malicious',
  score: 800,
  stages: stageNames.map((stage) => ({
    ...{
      name: stage,
      category: 'undetected',
      score: 0,
      findings: [],
      elapsed_ms: 1,
      version: '1',
      reasons: [],
    },
    ...(stage === 'yara' && { category: 'malicious', score: 800, findings: [finding] }),
    ...(stage === 'unpack' && { category: 'incomplete', reasons: ['It is encrypted.'] }),
    ...(stage === 'facts' && {
      facts: {
        addresses: { urls: ['hxxp://a[.]b', 'hxxp://c'], more: true },
        tlsh: null,
        tlsh_reason: 'Few.',
      },
    }),
  })) as ScanResult['stages'],
  tree: {
    ...{ path: name, name, type: 'zip', media_type: 'application/zip', size: 9, sha256: null },
    ...{ verdict: 'unknown', score: 0, stages: {}, notes: [], children: [] },
  },
  limits: [{ name: 'depth', value: 15, path: name }],
};

async function newJob(): Promise<{ id: string; session_id: string }> {
  const body = form(['kind', 'scan'], ['file', new Blob(['one\n']), name]);
  const accepted = await api.ask(user, 'POST', '/api/jobs', { body });
  expect(accepted.status).toBe(202);
  return accepted.body;
}

async function done({ id }: { id: string }, names = ['result.json']): Promise<void> {
  const at = { job_id: id, attempt: 1, why: 'the test says so' };
  await transitionJob(api.database, { ...at, to: 'scanning', stage: 'SCANNING' });
  const artifacts = await Promise.all(
    names.map(async (one) => {
      const key = artifactKey(id, 'scanning', one);
      const media_type = 'application/octet-stream';
      return {
        pass: 'scanning',
        name: one,
        key,
        media_type,
        ...(await api.store.put(key, 'x', { mediaType: media_type })),
      };
    }),
  );
  await transitionJob(api.database, { ...at, to: 'done', stage: 'DONE', result: { ...result } }, (tx) =>
    persistScan(tx, {
      ...{ job_id: id, sha256: '0'.repeat(64), cache_key: 'k', result_key: artifacts[0]?.key as string },
      ...{ result, artifacts },
    }),
  );
}

test('the result as JSON, and as a page in which nothing of the file is markup or a link', async () => {
  const job = await newJob();
  expect((await api.ask(user, 'GET', `/reports/${job.id}`)).body.detail).toBe('Job not completed');
  await done(job);
  expect((await api.ask(user, 'GET', `/reports/${job.id}`)).body).toEqual(result);
  const { links } = (await api.ask(user, 'GET', `/api/jobs/${job.id}`)).body;
  expect(links.report).toBe(`/reports/${job.id}`);
  const page = await fetch(`${api.url}/reports/${job.id}`, {
    headers: { ...user.headers, accept: 'text/html' },
  });
  const html = await page.text();
  expect(html).toContain('hxxp://evil.example');
  expect(html).not.toMatch(/href="http:\/\/evil|<b>in|null/);
  for (const words of [
    'malicious',
    'at byte 12',
    'T1204.002',
    'It is encrypted',
    'depth',
    'What was not looked at',
    'more: true; urls: hxxp://a[.]b, hxxp://c',
    'tlsh reason',
  ])
    expect(html).toContain(words);
});

test('an extracted file is for operators: nobody else may ask for it, see it or get it', async () => {
  const job = await newJob();
  const wanted = { kind: 'scan', session_id: job.session_id, options: { extract: name } };
  const ask = (who: TestUser) =>
    api.ask(who, 'POST', '/api/jobs', {
      body: JSON.stringify(wanted),
      headers: { 'content-type': 'application/json' },
    });
  const refused = await ask(user);
  expect([refused.status, refused.body.errors[0].field]).toEqual([422, 'options.extract']);
  const extraction = await ask(operator);
  expect(extraction.status).toBe(202);
  await done(extraction.body, ['result.json', 'extracted.zip']);
  const path = `/api/jobs/${extraction.body.id}/artifacts`;
  const listed = async (who: TestUser) =>
    (await api.ask(who, 'GET', path)).body.items.map((item: { name: string }) => item.name);
  expect(await listed(operator)).toEqual(['extracted.zip', 'result.json']);
  expect(await listed(user)).toEqual(['result.json']);
  const get = async (who: TestUser) =>
    (await fetch(`${api.url}${path}/scanning/extracted.zip`, { headers: who.headers, redirect: 'manual' }))
      .status;
  expect([await get(user), await get(operator)]).toEqual([404, 302]);
});
