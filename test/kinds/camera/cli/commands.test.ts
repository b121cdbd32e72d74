import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { kindRegistry } from '../../../../src/domain/kind-registry.ts';
import { camera } from '../../../../src/domain/kinds/camera.ts';
import { kinds } from '../../../../src/domain/kinds/index.ts';
import { type RunningApi, startApi, type TestUser } from '../../../api/running-api.ts';
import { doubletake } from '../../../cli/run-cli.ts';
import { makeScratchFolder, type ScratchFolder } from '../../../support/media/scratch-folder.ts';
import { boxEvent, json, lines } from '../api/box-events.ts';

let api: RunningApi;
let user: TestUser;
let folder: ScratchFolder;
beforeAll(async () => {
  folder = await makeScratchFolder();
  const others = kinds.all.filter(({ kind }) => kind !== camera.kind);
  api = await startApi({ acceptedKinds: kindRegistry([...others, camera]) });
  user = await api.user();
});
afterAll(async () => {
  await api?.close();
  await folder?.remove();
});

const env = () => ({
  DOUBLETAKE_API: api.url,
  DOUBLETAKE_API_KEY: user.headers.authorization.slice(7),
  DATABASE_URL: api.databaseUrl,
});
const ask = (...args: string[]) => doubletake(args, { env: env() });
const file = (name: string, content: string) => {
  writeFileSync(folder.file(name), content);
  return folder.file(name);
};

describe('events', () => {
  test('are listed with their times, objects and pictures, and can be narrowed', async () => {
    expect((await ask('events')).stdout).toBe('No events.\n');
    const events = Array.from({ length: 130 }, (_, n) => boxEvent(n));
    await api.ask(user, 'POST', '/api/events/batch', lines(events));
    const { code, stdout } = await ask('events', '--camera', 'cam-1', '--limit', '2', '--oldest-first');
    expect(code).toBe(0);
    const [head, first] = stdout.split('\n');
    expect(head).toMatch(/^EVENT +CAMERA +START +END +DURATION +OBJECTS +PICTURE$/);
    expect(first).toMatch(/^box-000001 +cam-1 +2026-09-01 00:01:01\.001Z .* 1 s +cat 0\.04 +\/data\/1\.jpg$/);

    const all = await ask('events', '--all', '--json', '--camera', 'cam-1', '--label', 'person');
    const { items } = JSON.parse(all.stdout) as { items: { event_id: string }[] };
    const wanted = events.filter(
      ({ camera_id, detected_objects }) =>
        camera_id === 'cam-1' && detected_objects.some(({ label }) => label === 'person'),
    );
    expect(items.map(({ event_id }) => event_id).sort()).toEqual(wanted.map(({ event_id }) => event_id));
    const count = async (...args: string[]) =>
      JSON.parse((await ask('events', '--all', '--json', ...args)).stdout).items.length;
    expect(await count()).toBe(130);
    expect(await count('--open')).toBe(events.filter(({ ended_at }) => ended_at === null).length);
    expect(await count('--after', events[99]?.started_at as string)).toBe(30);
    expect(await count('--text', 'EREIGNIS №125')).toBe(1);
  });

  test('are followed: what is stored meanwhile is printed, with --json one a line, until Ctrl-C', async () => {
    const print = (...more: string[]) =>
      doubletake(['events', '--follow', '--camera', 'door', ...more], {
        env: env(),
        during(child, soFar) {
          const post = (n: number) =>
            api.ask(
              user,
              'POST',
              '/api/events',
              json({ ...boxEvent(n), camera_id: 'door', event_id: `${child.pid}-${n}` }),
            );
          let told = '';
          child.stdout?.on('data', (text) => {
            told += text;
            if (told.includes(`${child.pid}-901`)) child.kill('SIGINT');
          });
          // It says so before it has begun, and what is stored before that is not told: until something is.
          const posting = setInterval(async () => {
            if (!soFar().includes('Waiting for events')) return;
            if (!told) return void (await post(900 + Math.ceil(Math.random() * 1e6) + 10));
            clearInterval(posting);
            await post(901);
          }, 500);
          child.once('close', () => clearInterval(posting));
        },
      });
    const lined = await print('--json');
    expect(lined.code).toBe(130);
    const events = lined.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.at(-1)).toMatchObject({ camera_id: 'door', started_at: boxEvent(901).started_at });
    const shown = await print();
    expect(shown.stdout).toMatch(/^2026-\d\d-\d\d [\d:.]+Z +door .*-901$/m);
  });

  test.each([
    ['a time that is none', ['--after', 'yesterday'], /--after.*Expected a time/],
    ['a number that is none', ['--limit', '0'], /whole number/],
    ['a share that is none', ['--min-confidence', '2'], /min_confidence/],
    [
      'what is past, and to follow',
      ['--follow', '--after', '2026-10-01'],
      /--follow.*--after|--after.*--follow/,
    ],
  ])('%s is wrong use', async (_what, args, words) => {
    expect(await ask('events', ...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(words) });
  });
});

test('cameras are created, shown, changed and deleted, with zones and masks from files', async () => {
  const zones = file('zones.json', '[{"name": "gate", "polygon": [[0.1, 0.5], [0.4, 0.5], [0.4, 1]]}]');
  const masks = file('masks.json', '[{"purpose": "privacy", "polygon": [[0, 0], [0.2, 0], [0.2, 0.2]]}]');
  const created = await ask(
    'cameras',
    'create',
    'shed',
    '--time-zone',
    'Europe/Berlin',
    '--zones',
    zones,
    '--json',
  );
  expect(JSON.parse(created.stdout).camera).toMatchObject({ camera_id: 'shed', zones: [{ name: 'gate' }] });
  const changed = await ask(
    'cameras',
    'change',
    'shed',
    '--masks',
    masks,
    '--retention-days',
    '7',
    '--name',
    'Shed',
  );
  expect(changed).toMatchObject({ code: 0, stdout: 'Camera shed is changed.\n' });
  const listed = await ask('cameras');
  expect(listed.stdout).toMatch(/^CAMERA +NAME +TIME ZONE +ZONES +MASKS +KEPT/);
  expect(listed.stdout).toMatch(/^shed +Shed +Europe\/Berlin +1 +1 +7 days$/m);
  await ask('cameras', 'change', 'shed', '--retention-days', 'default', '--zones', file('none.json', '[]'));
  const shown = JSON.parse((await ask('cameras', 'show', 'shed')).stdout);
  expect(shown).toMatchObject({
    retention_days: null,
    zones: [],
    version: 3,
    masks: [{ purpose: 'privacy' }],
  });
  for (const [args, words] of [
    [['change', 'shed'], /Nothing is to be changed/],
    [['change', 'shed', '--zones', folder.file('nowhere.json')], /cannot be read/],
    [['change', 'shed', '--zones', file('object.json', '{}')], /holds no list/],
    [['change', 'shed', '--zones', file('half.json', '[')], /is not JSON/],
    [
      ['change', 'shed', '--zones', file('line.json', '[{"name":"a","polygon":[[0,0],[1,1],[0.5,0.5]]}]')],
      /encloses nothing|touches itself/,
    ],
    [['create', 'shed'], /shed/],
    [['show', 'nobodys'], /nobodys/],
  ] as const)
    expect([args, await ask('cameras', ...args)]).toEqual([
      args,
      expect.objectContaining({ code: 2, stderr: expect.stringMatching(words) }),
    ]);
  expect(await ask('cameras', 'delete', 'shed')).toMatchObject({
    code: 0,
    stdout: 'Camera shed is gone, and 0 events of it.\n',
  });
  expect(await ask('cameras', 'delete', 'shed')).toMatchObject({ code: 2 });
});

test('a live camera is watched by a job, and no credential is sent', async () => {
  const { code, stdout, stderr } = await ask(
    'camera',
    'watch',
    'rtsp://{secret:YARD}@camera.example/1',
    '--camera',
    'yard',
  );
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringContaining('events --camera yard --follow'),
  });
  const { body: job } = await api.ask(user, 'GET', `/api/jobs/${stdout.trim()}`);
  expect(job).toMatchObject({
    ...{ kind: 'camera', file_name: 'yard' },
    options: { camera_id: 'yard', url: 'rtsp://{secret:YARD}@camera.example/1' },
    links: { events: '/api/events?camera_id=yard', camera: '/api/cameras/yard' },
  });
  const refused = await ask('camera', 'watch', 'rtsp://admin:hunter2hunter2@camera.example/1');
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('{secret:NAME}') });
  expect(refused.stderr + api.logged()).not.toContain('hunter2');
  expect(await ask('camera', 'watch', 'rtsp://h/1', '--camera', 'a b')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--camera'),
  });
});

test('a key can be made for the events of named cameras only', async () => {
  const made = await ask(
    'keys',
    'create',
    '--user',
    user.id,
    '--only',
    'camera:yard',
    '--only',
    'camera:door',
  );
  expect(made).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('only for camera:yard, camera:door'),
  });
  const box = { id: user.id, headers: { authorization: `Bearer ${made.stdout.trim()}` } };
  const event = (camera_id: string) => json({ ...boxEvent(5), event_id: `only-${camera_id}`, camera_id });
  expect((await api.ask(box, 'POST', '/api/events', event('door'))).status).toBe(201);
  expect((await api.ask(box, 'POST', '/api/events', event('shop'))).status).toBe(403);
  expect((await ask('keys', 'list', '--user', user.id)).stdout).toContain('camera:yard, camera:door');
  for (const wrong of ['camera', 'cameras:yard', 'camera:a b', 'technique:x', 'camera:'])
    expect([wrong, (await ask('keys', 'create', '--user', user.id, '--only', wrong)).code]).toEqual([
      wrong,
      2,
    ]);
  const help = await ask('keys', 'create', '--help');
  expect(help.stdout.replace(/\s+/g, ' ')).toContain('camera:NAME: posting events of that camera');
});
