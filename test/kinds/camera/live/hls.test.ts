import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { cameraTasks } from '../../../../src/kinds/camera/child/task-module.ts';
import type { ChildPool } from '../../../../src/media/child-pool.ts';
import { openChildPool } from '../../../../src/media/child-pool.ts';
import { indexVideo } from '../../../../src/media/video/video-index.ts';
import { joinVideos } from '../../../support/media/join-videos.ts';
import { makeScratchFolder, type ScratchFolder } from '../../../support/media/scratch-folder.ts';
import { samplePath, shippedModel } from '../../../support/media/shipped.ts';
import { usualLimits } from '../../../support/media/usual-limits.ts';
import { blockVideo } from './support/block-video.ts';
import { type Answer, type FileServer, openFileServer, says } from './support/file-server.ts';
import {
  type Closed,
  filesOf,
  type Opened,
  openLivePool,
  type RunningWatch,
  startWatch,
} from './support/live-watch.ts';

let scratch: ScratchFolder;
let folder: string;
let server: FileServer;
let pool: ChildPool<never>;
const running: RunningWatch[] = [];

/** Four segments of two seconds; something moves from 2 to 5 s. */
beforeAll(async () => {
  scratch = await makeScratchFolder();
  folder = scratch.file('hls');
  mkdirSync(folder);
  const moving = [[2, 5]] as const;
  const hls = { hls_time: '2', hls_list_size: '0' };
  for (const [name, more] of [
    ['dated', { hls_flags: 'program_date_time' }],
    ['undated', {}],
    [
      'parts',
      { hls_segment_type: 'fmp4', hls_fmp4_init_filename: 'init.mp4', hls_flags: 'program_date_time' },
    ],
  ] as const) {
    mkdirSync(`${folder}/${name}`);
    blockVideo(`${folder}/${name}/live.m3u8`, { seconds: 8, moving, muxerOptions: { ...hls, ...more } });
  }
  pool = openLivePool() as ChildPool<never>;
}, 60_000);

afterEach(async () => {
  await Promise.all(running.splice(0).map((watch) => watch.stop()));
  await server?.close();
});

afterAll(async () => {
  await pool.close();
  await scratch.remove();
});

function watch(url: string, more: Partial<Parameters<typeof startWatch>[1]> = {}): RunningWatch {
  const one = startWatch(pool, { url, folder: scratch.file('.'), ...more });
  running.push(one);
  return one;
}

/** The moments of a playlist. */
const datesIn = (text: string) =>
  [...text.matchAll(/DATE-TIME:(\S+)/g)].map(([, at]) => Date.parse((at as string).replace('+0000', 'Z')));

test.each(['dated', 'parts'])(
  'a playlist that has ended (%s) is watched once, however often it is opened again',
  async (name) => {
    server = await openFileServer(folder);
    const one = watch(server.url(`${name}/live.m3u8`), { passes: 9 });
    await one.held();
    expect(
      one.changes.map(({ change }) => change).filter((change) => !['updated', 'position'].includes(change)),
    ).toEqual(['state', 'opened', 'closed', 'state']);
    expect(one.pauses).toEqual([1, 2, 4, 8, 16, 32, 55, 55, 55, 55]);
    const [closed] = one.closed() as [Closed];
    const [began] = datesIn(readFileSync(`${folder}/${name}/live.m3u8`, 'utf8')) as [number];
    expect(closed).toMatchObject({ reason: 'ended', no_clip: null, event: { time_source: 'stream' } });
    // The block is there in the frames from 2.0 to 4.9, and in the one after it is gone.
    expect((Date.parse(closed.event.started_at) - began) / 1000).toBeCloseTo(2, 2);
    expect((Date.parse(closed.ended_at) - began) / 1000).toBeCloseTo(5, 2);
    expect(closed.event).toMatchObject({
      source: `programme:${new Date(began + 2000).toISOString()}`,
      media_start_s: expect.closeTo(0, 2),
    });
    const { clip, picture } = filesOf(scratch.file('.'), closed);
    const { duration_s, width } = await indexVideo(clip, 'clip', usualLimits, () => {});
    // From the keyframe before, three seconds around: from 0 to 8, all that there is.
    expect([duration_s, width]).toEqual([expect.closeTo(8, 0), 96]);
    expect(closed.clip).toMatchObject({ from_s: expect.closeTo(2, 1), to_s: expect.closeTo(5, 1) });
    expect(readFileSync(picture).subarray(0, 2).toString('hex')).toBe('ffd8');
    expect(one.changes.at(-1)).toMatchObject({
      state: 'offline',
      why: expect.stringContaining('the stream ended'),
    });
  },
);

test('a passage of a person, with the watcher and the object model of the kind', async () => {
  mkdirSync(`${folder}/people`);
  joinVideos([samplePath('people-one-by-one.mp4')], `${folder}/people/live.m3u8`, 120);
  server = await openFileServer(folder);
  const own = openChildPool({ modules: [cameraTasks], size: 1 });
  try {
    const one = startWatch(own as ChildPool<never>, {
      url: server.url('people/live.m3u8'),
      folder: scratch.file('.'),
      needs: { detector: shippedModel('centernet-coco-512.onnx') as never },
    });
    running.push(one);
    await one.held();
    const [closed, ...more] = one.closed();
    expect(more).toEqual([]);
    // The playlist has the last ten of these twelve seconds; she comes at 6.0, and has not gone when it ends.
    expect(closed).toMatchObject({
      reason: 'signal_lost',
      event: { watched: { start_s: expect.closeTo(4, 0) } },
    });
    expect(closed?.event.watched.detected_objects.map(({ label }) => label)).toContain('person');
    await one.stop();
  } finally {
    await own.close();
  }
});

test('what is watched anew has the same origin, with a clock and without', async () => {
  server = await openFileServer(folder);
  for (const name of ['dated', 'undated']) {
    const [first, second] = [watch(server.url(`${name}/live.m3u8`)), watch(server.url(`${name}/live.m3u8`))];
    const [a, b] = (await Promise.all(
      [first, second].map((one) => one.until(({ change }) => change === 'opened')),
    )) as [Opened, Opened];
    expect([a.event.source, a.event.media_start_s]).toEqual([b.event.source, b.event.media_start_s]);
    if (name === 'dated') expect(a.event.started_at).toBe(b.event.started_at);
    else
      expect(a.event).toMatchObject({
        time_source: 'arrival',
        source: expect.stringMatching(/^segment:[0-9a-f]{64}$/),
      });
    // What has just been sent was made by now.
    if (name === 'undated') expect(Date.parse(a.event.started_at)).toBeLessThanOrEqual(Date.now());
    await Promise.all([first.stop(), second.stop()]);
  }
});

test('a live playlist is followed, and after an absence read on from where it was', async () => {
  server = await openFileServer(folder);
  const { port } = server;
  const segments = [0, 1, 2, 3].map((n) => `#EXTINF:2,\n/undated/live${n}.ts`);
  let [from, to] = [0, 2];
  const playlist: Answer = says(() =>
    ['#EXTM3U', '#EXT-X-TARGETDURATION:2', `#EXT-X-MEDIA-SEQUENCE:${from}`, ...segments.slice(from, to)].join(
      '\n',
    ),
  );
  server.answers.set('/cam.m3u8', playlist);
  const one = watch(server.url('cam.m3u8'));
  const opened = await one.until<Opened>(({ change }) => change === 'opened');
  expect(opened.event.media_start_s).toBeCloseTo(0, 1);
  const gone = one.until<Closed>(({ change }) => change === 'closed');
  await server.close();
  expect(await gone).toMatchObject({ reason: 'signal_lost', event: { key: opened.event.key } });
  await one.held();
  expect(one.changes.at(-1)).toMatchObject({
    state: 'offline',
    why: expect.stringContaining('the connection was refused'),
  });
  // Away for minutes.
  one.letPass(8);
  await one.held();
  [from, to] = [1, 4];
  server = await openFileServer(folder, port);
  server.answers.set('/cam.m3u8', playlist);
  one.letPass(1);
  const again = await one.until<Closed>(
    (change) => change.change === 'closed' && change.reason !== 'signal_lost',
  );
  // It goes on in the third segment; those before are not read again.
  expect(server.requests.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['/undated/live2.ts', '/undated/live3.ts']),
  );
  expect(server.requests.map(({ path }) => path)).not.toContain('/undated/live1.ts');
  expect(again.event.source).not.toBe(opened.event.source);
  expect(one.opened()).toHaveLength(2);
});

test('a playlist that does not go on counts as lost, and can come back', async () => {
  server = await openFileServer(folder);
  server.answers.set(
    '/cam.m3u8',
    says(() => '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:2,\n/undated/live0.ts'),
  );
  const one = watch(server.url('cam.m3u8'), { needs: { patience_s: 2 } });
  await one.held();
  expect(one.changes.at(-1)).toMatchObject({
    state: 'offline',
    why: expect.stringMatching(/nothing new in \d s/),
  });
});

test('a clock that jumps closes what is open, and the times of what comes stay sensible', async () => {
  server = await openFileServer(folder);
  const dated = (at: string, n: number) => `#EXT-X-PROGRAM-DATE-TIME:${at}\n#EXTINF:2,\n/undated/live${n}.ts`;
  const now = Date.now();
  const at = (s: number) => new Date(now + s * 1000).toISOString();
  // Its own clock goes back by four seconds, and that of the world is set ahead by a year, then back.
  const list = [
    dated(at(-60), 0),
    dated(at(-58), 1),
    dated(at(31e6), 0),
    dated(at(31e6 + 2), 1),
    dated(at(-40), 0),
    dated(at(-38), 1),
  ];
  server.answers.set(
    '/cam.m3u8',
    says(() => ['#EXTM3U', ...list, '#EXT-X-ENDLIST'].join('\n')),
  );
  const one = watch(server.url('cam.m3u8'));
  await one.held();
  const closed = one.closed();
  expect(closed.map(({ reason }) => reason)).toEqual(['signal_lost', 'signal_lost', 'signal_lost']);
  expect(closed.map(({ event }) => event.time_source)).toEqual(['stream', 'arrival', 'stream']);
  for (const { event, ended_at } of closed) {
    const [start, end] = [event.started_at, ended_at].map((time) => Date.parse(time)) as [number, number];
    expect(end - start).toBeLessThan(3000);
    expect(Math.abs(start - now)).toBeLessThan(120_000);
  }
});

test('a stream behind a login: it is sent to the camera’s own server, and told to nobody', async () => {
  server = await openFileServer(folder);
  const other = await openFileServer(folder);
  try {
    const { username, password } = { username: 'admin', password: 'hunter2hunter2' };
    const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    server.answers.set('/master.m3u8', (request, response) => {
      if (request.headers.authorization !== expected) return void response.writeHead(401).end();
      response.end('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlist.m3u8');
    });
    server.answers.set(
      '/list.m3u8',
      says(
        () =>
          `#EXTM3U\n#EXTINF:2,\n/undated/live0.ts\n#EXTINF:2,\n${other.url('undated/live1.ts')}\n#EXT-X-ENDLIST`,
      ),
    );
    const url = server.url('master.m3u8').replace('//', '//admin:{secret:YARD}@');
    const fill = async (text: string) => text.replace('{secret:YARD}', password);
    const one = watch(url, { needs: { secrets: { fill } } });
    await one.held();
    expect(server.requests.map(({ authorization }) => authorization)).toEqual([expected, expected, expected]);
    expect(other.requests).toEqual([{ path: '/undated/live1.ts', authorization: undefined }]);
    const wrong = watch(url, {
      needs: { secrets: { fill: async (text) => text.replace('{secret:YARD}', 'hunter2-wrong') } },
    });
    await wrong.held();
    expect(wrong.changes.at(-1)).toMatchObject({ why: expect.stringContaining('it refused the login') });
    for (const { changes, logged } of [one, wrong])
      expect(JSON.stringify(changes) + logged()).not.toMatch(/hunter2|aHVudGVy|YWRtaW4/);
  } finally {
    await other.close();
  }
});

test.each([
  ['a file', () => '#EXTM3U\n#EXTINF:2,\nfile:///etc/passwd\n#EXT-X-ENDLIST', 'neither http: nor https:'],
  [
    'a file as the initialisation',
    () => '#EXTM3U\n#EXT-X-MAP:URI="file:///etc/passwd"\n#EXTINF:2,\na.m4s\n#EXT-X-ENDLIST',
    'neither http: nor https:',
  ],
  [
    'data',
    () => '#EXTM3U\n#EXTINF:2,\ndata:video/mp2t;base64,AAAA\n#EXT-X-ENDLIST',
    'neither http: nor https:',
  ],
  [
    'another private host',
    () => `#EXTM3U\n#EXTINF:2,\n${server.url('undated/live0.ts', 'localhost')}\n#EXT-X-ENDLIST`,
    'DOUBLETAKE_CAMERA_PRIVATE_ADDRESSES',
  ],
  [
    'another private address',
    () => `#EXTM3U\n#EXTINF:2,\n${server.url('undated/live0.ts', '127.0.0.2')}\n#EXT-X-ENDLIST`,
    'DOUBLETAKE_CAMERA_PRIVATE_ADDRESSES',
  ],
  [
    'a playlist of a private host',
    () => `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${server.url('undated/live.m3u8', 'localhost')}`,
    'DOUBLETAKE_CAMERA_PRIVATE_ADDRESSES',
  ],
  [
    'an encrypted segment',
    () => '#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="http://127.0.0.1/key"\n#EXTINF:2,\na.ts',
    'encrypted',
  ],
  [
    'itself, as a master',
    () => '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\ncam.m3u8',
    'names another that names another',
  ],
  [
    'a segment that is a playlist',
    () => '#EXTM3U\n#EXTINF:2,\ncam.m3u8\n#EXT-X-ENDLIST',
    'neither MPEG-TS nor MP4',
  ],
])('a playlist that names %s is not followed', async (_what, text, why) => {
  server = await openFileServer(folder);
  server.answers.set('/cam.m3u8', says(text));
  const one = watch(server.url('cam.m3u8'));
  await one.held();
  expect(one.changes).toEqual([
    { change: 'state', state: 'offline', since: expect.any(String), why: expect.stringContaining(why) },
  ]);
  expect(new Set(server.requests.map(({ path }) => path))).toEqual(new Set(['/cam.m3u8']));
});

test.each([
  ['the playlist', '/cam.m3u8'],
  ['a segment', '/seg.ts'],
])('a redirect of %s to a private address is not followed, one within the camera is', async (_what, path) => {
  server = await openFileServer(folder);
  let host = '127.0.0.2';
  const target = () => server.url(path === '/seg.ts' ? 'undated/live0.ts' : 'list.m3u8', host);
  const list = says(() => '#EXTM3U\n#EXTINF:2,\n/seg.ts\n#EXT-X-ENDLIST');
  server.answers.set('/cam.m3u8', list).set(
    '/list.m3u8',
    says(() => '#EXTM3U\n#EXTINF:2,\n/undated/live0.ts\n#EXT-X-ENDLIST'),
  );
  server.answers.set(
    path,
    (_request, response) => void response.writeHead(302, { location: target() }).end(),
  );
  const one = watch(server.url('cam.m3u8'));
  await one.held();
  expect(one.changes).toMatchObject([
    { state: 'offline', why: expect.stringContaining('DOUBLETAKE_CAMERA_PRIVATE_ADDRESSES') },
  ]);
  host = '127.0.0.1';
  one.letPass(1);
  await one.until((change) => change.change === 'state' && change.state === 'reading');
});

test('answers that never end, or are too long, are given up', async () => {
  server = await openFileServer(folder);
  server.answers.set('/cam.m3u8', (_request, response) => {
    const more = () => response.write('#'.repeat(65_536), () => setImmediate(more));
    response.on('error', () => {});
    more();
  });
  const one = watch(server.url('cam.m3u8'));
  await one.held();
  expect(one.changes).toMatchObject([
    { state: 'offline', why: expect.stringContaining('more than 4194304 bytes') },
  ]);
  server.answers.set('/cam.m3u8', () => {});
  const other = watch(server.url('cam.m3u8'), { needs: { patience_s: 1 } });
  await other.held();
  expect(other.changes).toMatchObject([
    { state: 'offline', why: expect.stringContaining('no answer in time') },
  ]);
});

test('with a mask for privacy there is no clip, and the event says why', async () => {
  server = await openFileServer(folder);
  const one = watch(server.url('dated/live.m3u8'), {
    watch: {
      hidden: [
        [
          [0, 0],
          [0.5, 0],
          [0.5, 1],
          [0, 1],
        ],
      ],
    },
  });
  const closed = await one.until<Closed>(({ change }) => change === 'closed');
  expect(closed).toMatchObject({ clip: null, no_clip: expect.stringContaining('mask for privacy') });
  expect(closed.picture).not.toBeNull();
});

test('canceling closes what is open and leaves nothing behind', async () => {
  server = await openFileServer(folder);
  server.answers.set(
    '/cam.m3u8',
    says(
      () => '#EXTM3U\n#EXT-X-TARGETDURATION:60\n#EXTINF:2,\n/undated/live0.ts\n#EXTINF:2,\n/undated/live1.ts',
    ),
  );
  const one = watch(server.url('cam.m3u8'));
  await one.until(({ change }) => change === 'opened');
  expect(await one.stop()).toEqual({ end: 'stopped' });
  expect(one.changes.at(-1)).toMatchObject({
    change: 'closed',
    reason: 'stopped',
    clip: { from_s: expect.closeTo(2, 1) },
  });
  expect(readdirSync(scratch.file('scratch'))).toEqual([]);
});
