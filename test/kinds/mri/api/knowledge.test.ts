import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { knowledgeRoutes } from '../../../../src/kinds/mri/api/knowledge-routes.ts';
import { type RunningApi, startApi, type TestUser } from '../../../api/running-api.ts';
import { doubletake } from '../../../cli/run-cli.ts';

let api: RunningApi;
let operator: TestUser;
let user: TestUser;
beforeAll(async () => {
  api = await startApi({ kindApis: { mri: { routes: knowledgeRoutes } } });
  [operator, user] = await Promise.all([api.user('operator', 'operator-1'), api.user()]);
});
afterAll(() => api?.close());

const passage = {
  id: 'quokka',
  title: 'Quokkas',
  text: 'The quokka is a small wallaby.',
  source: 'A zoologist.',
  licence: 'CC-BY-4.0',
  verified: false,
};
const post = (body: unknown, who = operator) =>
  api.ask(who, 'POST', '/api/knowledge', {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

test('what ships is listed in pages, with source and licence, before anything was written', async () => {
  const first = await api.ask(operator, 'GET', '/api/knowledge?limit=50');
  expect(first.body).toMatchObject({
    version: 1,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    next_after: 'k50',
  });
  expect(first.body.items).toHaveLength(50);
  const second = await api.ask(operator, 'GET', '/api/knowledge?limit=50&after=k50');
  expect(second.body).toMatchObject({ next_after: null });
  const all = [...first.body.items, ...second.body.items];
  expect(all).toHaveLength(first.body.passages);
  expect(all[0]).toMatchObject({
    ...{ cite: 'k1', id: 'bethlehem-2022-scans', licence: 'Apache-2.0', verified: false },
    ...{ added_by: 'doubletake', since_version: 1, norm: null },
  });
  expect(all.find(({ id }: { id: string }) => id === 'ahmad-women').norm).toMatchObject({ mean: 1164.49 });
});

test('operators add passages, with who did; the same again changes nothing', async () => {
  expect(await post({ passages: [passage], synonyms: [['quokka', 'setonix']] })).toMatchObject({
    status: 200,
    body: { version: 2, added: 1, replaced: 0, unchanged: 0 },
  });
  expect((await post({ passages: [passage] })).body).toMatchObject({ version: 2, added: 0, unchanged: 1 });
  const { body } = await api.ask(operator, 'GET', '/api/knowledge?limit=500');
  expect(body.items.at(-1)).toMatchObject({ ...passage, added_by: 'operator-1', since_version: 2 });
});

test('whoever is no operator neither reads nor adds; a passage without its source or licence is refused whole', async () => {
  expect((await post({ passages: [passage] }, user)).status).toBe(403);
  expect((await api.ask(user, 'GET', '/api/knowledge')).status).toBe(403);
  const lacking = { ...passage, id: 'lacking', licence: undefined };
  expect(await post({ passages: [{ ...passage, id: 'fine', text: 'New.' }, lacking] })).toMatchObject({
    status: 422,
    body: { detail: expect.stringContaining('licence') },
  });
  expect((await post({ passages: [{ ...passage, text: 'A NUL \0' }] })).status).toBe(422);
  expect((await post({ passages: [{ ...passage, id: 'Not an id' }] })).status).toBe(422);
  expect((await post({ passages: [{ ...passage, url: 'javascript:alert(1)' }] })).status).toBe(422);
  expect((await api.ask(operator, 'GET', '/api/knowledge')).body.version).toBe(2);
});

test('`doubletake knowledge` adds a file and lists what there is', async () => {
  const file = join(tmpdir(), `knowledge-${process.pid}.json`);
  const env = {
    DOUBLETAKE_API: api.url,
    DOUBLETAKE_API_KEY: operator.headers.authorization.slice('Bearer '.length),
  };
  const command = (...args: string[]) =>
    doubletake(['knowledge', ...args], { env, program: 'test/kinds/mri/cli/program.ts' });
  await writeFile(file, JSON.stringify({ passages: [{ ...passage, text: 'It smiles.' }] }));
  expect(await command('add', file)).toMatchObject({
    code: 0,
    stdout: 'Knowledge version 3: 0 added, 1 replaced, 0 already there.\n',
  });
  const { stdout, stderr } = await command('list');
  expect(stdout).toMatch(
    /^CITE +ID +LICENCE +CHECKED +ADDED BY +SOURCE\nk1 +bethlehem-2022-scans +Apache-2\.0 +no +doubletake +Bethlehem/,
  );
  expect(stdout).toMatch(/\nk\d+ +quokka +CC-BY-4\.0 +no +operator-1 +A zoologist\.\n$/);
  expect(stderr).toMatch(/^Version 3, \d+ passages\.\n$/);
  expect(JSON.parse((await command('list', '--json')).stdout)).toMatchObject({ version: 3 });

  await writeFile(file, '{"passages": [');
  expect(await command('add', file)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('is no JSON'),
  });
  await writeFile(file, JSON.stringify({ passages: [{ id: 'lacking' }] }));
  expect(await command('add', file)).toMatchObject({ code: 2, stderr: expect.stringContaining('title') });
  expect(await command('add', `${file}.not`)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('cannot be read'),
  });
});
