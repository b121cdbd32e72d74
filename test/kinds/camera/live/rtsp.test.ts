import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { SecretMissing } from '../../../../src/domain/errors.ts';
import type { ChildPool } from '../../../../src/media/child-pool.ts';
import { indexVideo } from '../../../../src/media/video/video-index.ts';
import { selfSigned } from '../../../activities/webhook/self-signed.ts';
import { makeScratchFolder, type ScratchFolder } from '../../../support/media/scratch-folder.ts';
import { usualLimits } from '../../../support/media/usual-limits.ts';
import { blockVideo } from './support/block-video.ts';
import {
  type Closed,
  filesOf,
  type Opened,
  openLivePool,
  type RunningWatch,
  type State,
  startWatch,
} from './support/live-watch.ts';
import { openRtspServer, type RtspServer, rtspPrograms } from './support/rtsp-server.ts';

const programs = await rtspPrograms();
/** Tests that need the server from PyPI. */
const playing = programs ? test : test.skip;

let scratch: ScratchFolder;
let folder: string;
let server: RtspServer | undefined;
let pool: ChildPool<never>;
const running: RunningWatch[] = [];
const listening: Server[] = [];

beforeAll(async () => {
  scratch = await makeScratchFolder();
  folder = scratch.file('files');
  mkdirSync(folder);
  blockVideo(`${folder}/short.mp4`, { seconds: 5, moving: [[1, 2.5]] });
  blockVideo(`${folder}/long.mp4`, { seconds: 120, moving: [[1, 120]] });
  blockVideo(`${folder}/reordered.mp4`, { seconds: 6, moving: [[1, 3]], bFrames: 2 });
  pool = openLivePool() as ChildPool<never>;
}, 60_000);

afterEach(async () => {
  await Promise.all(running.splice(0).map((watch) => watch.stop().catch(() => {})));
  server?.thaw();
  await server?.kill();
  for (const one of listening.splice(0)) one.close();
});

afterAll(async () => {
  await pool.close();
  await scratch.remove();
});

async function playFolder(): Promise<RtspServer> {
  server = await openRtspServer(programs as string, folder);
  await server.start();
  return server;
}

function watch(url: string, more: Partial<Parameters<typeof startWatch>[1]> = {}): RunningWatch {
  const one = startWatch(pool, { url, folder: scratch.file('.'), ...more });
  running.push(one);
  return one;
}

/** A camera that says what the test has it say. */
async function camera(onData: (socket: Socket, text: string) => void): Promise<string> {
  const one = createServer((socket) => {
    socket.on('error', () => {}).on('data', (data) => onData(socket, data.toString('latin1')));
  }).listen(0, '127.0.0.1');
  listening.push(one);
  await once(one, 'listening');
  return `127.0.0.1:${(one.address() as AddressInfo).port}`;
}

const isOpened = ({ change }: { change: string }) => change === 'opened';
const isClosed = ({ change }: { change: string }) => change === 'closed';

playing(
  'an event with its picture and its clip; after the end of the stream it is opened again, and again',
  async () => {
    const { url } = await playFolder();
    const one = watch(url('short.mp4'), { passes: 1 });
    await one.held();
    const [first, second] = one.closed() as [Closed, Closed];
    expect(one.closed()).toHaveLength(2);
    expect(first.event.source).not.toBe(second.event.source);
    for (const closed of [first, second]) {
      expect(closed).toMatchObject({ reason: 'ended', no_clip: null });
      const [start, end] = [closed.event.started_at, closed.ended_at].map((at) => Date.parse(at)) as [
        number,
        number,
      ];
      expect((end - start) / 1000).toBeCloseTo(1.5, 1);
      expect(closed.event.watched.start_s).toBeCloseTo(1, 1);
      const { clip, picture } = filesOf(scratch.file('.'), closed);
      // All that came before, and all that came within three seconds after.
      const { duration_s } = await indexVideo(clip, 'clip', usualLimits, () => {});
      expect(duration_s).toBeCloseTo(5, 0);
      expect(closed.clip).toMatchObject({ from_s: expect.closeTo(1, 1), to_s: expect.closeTo(2.5, 1) });
      expect(readFileSync(picture).subarray(0, 2).toString('hex')).toBe('ffd8');
    }
    expect(one.pauses).toEqual([1, 2]);
    const states = one.changes.filter((change): change is State => change.change === 'state');
    expect(states.map(({ state }) => state)).toEqual(['reading', 'offline', 'reading', 'offline']);
    // The server says in RTCP what time it is: the event began a second after the first frame.
    expect(first.event.time_source).toBe('stream');
    const [reading] = states as [State];
    expect(Math.abs(Date.parse(first.event.started_at) - Date.parse(reading.since))).toBeLessThan(10_000);
  },
);

playing('frames that are shown in another order than they come are watched and cut as well', async () => {
  const { url } = await playFolder();
  const one = watch(url('reordered.mp4'));
  const closed = await one.until<Closed>(isClosed);
  const { clip } = filesOf(scratch.file('.'), closed);
  const { frame_count, timestamps_s } = await indexVideo(clip, 'clip', usualLimits, () => {});
  expect(new Set(timestamps_s).size).toBe(frame_count);
  expect(closed.reason).toBe('ended');
});

playing(
  'a camera that is away for minutes is offline, and gives events again without a restart',
  async () => {
    const camera = await playFolder();
    const one = watch(camera.url('long.mp4'));
    await one.until(isOpened);
    await camera.kill();
    await one.held();
    const lost = await one.until<Closed>(isClosed);
    expect(lost).toMatchObject({ reason: 'signal_lost', clip: expect.anything() });
    expect(one.changes.at(-1)).toMatchObject({
      state: 'offline',
      why: expect.stringMatching(/^The camera cannot be read: /),
    });
    one.letPass(20);
    await one.held();
    expect(one.pauses.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 55, 55]);
    // Since when it is away stays what it was, whatever else is the matter by now.
    const away = one.changes.filter(
      (change): change is State => change.change === 'state' && change.state === 'offline',
    );
    expect(new Set(away.map(({ since }) => since)).size).toBe(1);
    await camera.start();
    one.letPass(1);
    await one.until((change) => isOpened(change) && (change as Opened).event.key !== lost.event.key);
  },
);

playing('a camera that says nothing more is lost in time', async () => {
  const camera = await playFolder();
  const one = watch(camera.url('long.mp4'), { needs: { patience_s: 2 } });
  await one.until(isOpened);
  camera.freeze();
  const lost = await one.until<Closed>(isClosed);
  expect(lost.reason).toBe('signal_lost');
  await one.held();
  expect(one.changes.at(-1)).toMatchObject({
    state: 'offline',
    why: expect.stringContaining('nothing came for 2 s'),
  });
  camera.thaw();
  one.letPass(1);
  await one.until((change) => isOpened(change) && (change as Opened).event.key !== lost.event.key);
});

playing('canceling closes what is open, with its clip, and the child serves the next', async () => {
  const { url } = await playFolder();
  const one = watch(url('long.mp4'));
  await one.until(isOpened);
  const before = pool.pids();
  expect(await one.stop()).toEqual({ end: 'stopped' });
  expect(one.changes.at(-1)).toMatchObject({ change: 'closed', reason: 'stopped', clip: expect.anything() });
  expect(pool.pids()).toEqual(before);
  const next = watch(url('long.mp4'));
  await next.until(isOpened);
});

playing(
  'a stream that takes its child with it costs the child, and its open event ends when it was last seen',
  async () => {
    const { url } = await playFolder();
    const one = watch(url('long.mp4'));
    await one.until(({ change }) => change === 'updated');
    for (const pid of pool.pids()) process.kill(pid, 'SIGKILL');
    const lost = await one.until<Closed>(isClosed);
    expect(lost).toMatchObject({
      reason: 'signal_lost',
      clip: null,
      no_clip: expect.stringContaining('was lost'),
    });
    expect(lost.ended_at).toBe(lost.event.last_seen_at);
    await one.held();
    expect(one.changes.at(-1)).toMatchObject({
      state: 'offline',
      why: expect.stringContaining('the process that read it was lost'),
    });
    one.letPass(1);
    await one.until((change) => isOpened(change) && (change as Opened).event.key !== lost.event.key);
  },
);

playing('neither changes nor logs have anything of an address', async () => {
  const { port } = await playFolder();
  const fill = async (text: string) => text.replaceAll('{secret:YARD}', 'hunter2hunter2');
  const url = `rtsp://admin:{secret:YARD}@127.0.0.1:${port}/{secret:YARD}.mp4?token={secret:YARD}`;
  const one = watch(url, { passes: 2, needs: { secrets: { fill } } });
  await one.held();
  expect(one.changes).toMatchObject([
    { state: 'offline', why: expect.stringContaining('it has no such stream') },
  ]);
  expect(JSON.stringify(one.changes) + one.logged()).not.toMatch(/hunter2|127\.0\.0\.1|admin/);
});

test('a camera that wants another login says so', async () => {
  const asked: string[] = [];
  const host = await camera((socket, text) => {
    asked.push(text);
    const cseq = /CSeq: (\d+)/.exec(text)?.[1];
    const status = text.startsWith('OPTIONS') ? '200 OK' : '401 Unauthorized';
    socket.write(`RTSP/1.0 ${status}\r\nCSeq: ${cseq}\r\nWWW-Authenticate: Basic realm="x"\r\n\r\n`);
  });
  const fill = async (text: string) => text.replace('{secret:P}', 'pass%2Fword');
  const one = watch(`rtsp://admin:{secret:P}@${host}/stream`, { needs: { secrets: { fill } } });
  await one.held();
  expect(one.changes).toMatchObject([
    { state: 'offline', why: expect.stringContaining('it refused the login') },
  ]);
  // It was given as it is, and is in no more than that.
  expect(asked.join('')).toContain(Buffer.from('admin:pass/word').toString('base64'));
  expect(JSON.stringify(one.changes) + one.logged()).not.toMatch(/pass.*word|YWRtaW46/);
});

test('over TLS a camera in a private network vouches for itself', async () => {
  const certificate = selfSigned('DNS:camera.example');
  try {
    const one = createTlsServer(certificate.tls, (socket) => {
      socket
        .on('error', () => {})
        .on('data', (data) => {
          const cseq = /CSeq: (\d+)/.exec(data.toString('latin1'))?.[1];
          socket.write(`RTSP/1.0 404 Not Found\r\nCSeq: ${cseq}\r\n\r\n`);
        });
    }).listen(0, '127.0.0.1');
    listening.push(one);
    await once(one, 'listening');
    const { port } = one.address() as AddressInfo;
    const other = watch(`rtsps://127.0.0.1:${port}/stream`);
    await other.held();
    expect(other.changes).toMatchObject([{ why: expect.stringContaining('it has no such stream') }]);
  } finally {
    certificate.remove();
  }
});

test.each([
  ['OPTIONS', 'at once'],
  ['DESCRIBE', 'when it is asked for its stream'],
])('a redirect of %s (%s) leads nowhere', async (method) => {
  let visits = 0;
  const inside = createServer(() => visits++).listen(0, '127.0.0.1');
  listening.push(inside);
  await once(inside, 'listening');
  const { port } = inside.address() as AddressInfo;
  const host = await camera((socket, text) => {
    const cseq = /CSeq: (\d+)/.exec(text)?.[1];
    if (text.startsWith(method))
      socket.write(`RTSP/1.0 302 Found\r\nCSeq: ${cseq}\r\nLocation: rtsp://127.0.0.1:${port}/x\r\n\r\n`);
    else socket.write(`RTSP/1.0 200 OK\r\nCSeq: ${cseq}\r\n\r\n`);
  });
  const one = watch(`rtsp://${host}/stream`);
  await one.held();
  expect(one.changes).toMatchObject([
    { state: 'offline', why: expect.stringContaining('sends its readers to another address') },
  ]);
  expect(visits).toBe(0);
});

test.each(['udp', 'http', 'multicast'])(
  'the address’s option ?%s opens no other way to it',
  async (option) => {
    const asked: string[] = [];
    const host = await camera((socket, text) => {
      asked.push(text);
      const cseq = /CSeq: (\d+)/.exec(text)?.[1];
      const sdp =
        'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n';
      const body = text.startsWith('DESCRIBE') ? sdp : '';
      socket.write(
        `RTSP/1.0 200 OK\r\nCSeq: ${cseq}\r\nContent-Type: application/sdp\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    });
    const one = watch(`rtsp://${host}/stream?${option}`, { needs: { patience_s: 2 } });
    await one.held();
    expect(asked.join('')).not.toMatch(/client_port|multicast;|GET \//);
  },
);

test('who says nothing, and who speaks something else, is told apart', async () => {
  const silent = watch(`rtsp://${await camera(() => {})}/`, { needs: { patience_s: 1 } });
  await silent.held();
  expect(silent.changes).toMatchObject([{ why: expect.stringContaining('nothing came for 1 s') }]);
  const web = watch(`rtsp://${await camera((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))}/`);
  await web.held();
  expect(web.changes).toMatchObject([{ why: expect.stringContaining('something else than RTSP') }]);
});

test.each([
  ['rtmp://camera/stream', 'rtsp:// or rtsps://'],
  ['rtsp://127.0.0.1/stream', 'DOUBLETAKE_CAMERA_PRIVATE_ADDRESSES=allow'],
])('a watch of %s does not begin', async (url, why) => {
  const one = watch(url, { needs: { allowPrivate: false } });
  await expect(one.ended).rejects.toMatchObject({
    type: 'InvalidRequest',
    message: expect.stringContaining(why),
  });
});

test('a name that leads to a private network is told of like one that nobody has', async () => {
  const said: string[] = [];
  // In a container its own name leads to its private address.
  for (const name of ['nowhere.invalid', hostname()]) {
    const one = watch(`rtsp://${name}/stream`, { needs: { allowPrivate: false } });
    await one.held();
    said.push((one.changes[0] as State & { why: string }).why);
  }
  expect(said[0]).toBe(said[1]);
  expect(said[0]).toContain('DOUBLETAKE_CAMERA_PRIVATE_ADDRESSES=allow');
});

playing('what does not take a change ends the watch with its error', async () => {
  const { url } = await playFolder();
  const error = new Error('the store is away');
  const one = watch(url('short.mp4'), {
    async take() {
      throw error;
    },
  });
  await expect(one.ended).rejects.toBe(error);
  // The child is free for the next.
  await watch(url('short.mp4')).until(isOpened);
});

test('without its secret a watch does not begin', async () => {
  const missing = new SecretMissing('YARD', 'Add it.');
  const fill = async () => {
    throw missing;
  };
  const url = 'rtsp://admin:{secret:YARD}@127.0.0.1/x';
  await expect(watch(url, { needs: { secrets: { fill } } }).ended).rejects.toBe(missing);
});

playing('a secret that is missing for a while stops no camera that was read', async () => {
  const camera = await playFolder();
  let isThere = true;
  const fill = async (text: string) => {
    if (!isThere) throw new SecretMissing('YARD', 'Add it.');
    return text.replace('{secret:FILE}', 'short');
  };
  const one = watch(camera.url('{secret:FILE}.mp4'), { needs: { secrets: { fill } } });
  await one.held();
  isThere = false;
  one.letPass(2);
  await one.held();
  expect(one.changes.at(-1)).toMatchObject({
    state: 'offline',
    why: expect.stringContaining('the secret of its address'),
  });
  isThere = true;
  one.letPass(1);
  await one.until(
    (change) => isOpened(change) && (change as Opened).event.key !== one.closed()[0]?.event.key,
  );
});
