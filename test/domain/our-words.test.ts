import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { failureOf } from '../../src/activities/failures.ts';
import { fileNameOf } from '../../src/api/accept/original-key.ts';
import { DatabaseWriteError, StorageUnavailable, UnreadableMedia } from '../../src/domain/errors.ts';
import { faultOf, pictureFault, videoFault, withoutInternals } from '../../src/domain/our-words.ts';
import { fromWire, toWire } from '../../src/media/child/wire-error.ts';

const name = fc.string({ unit: fc.constantFrom(...'abcdefghijkmnpqrstvwxyz'), minLength: 5, maxLength: 9 });
/** What must not be told, each once in every text that is made with it. */
const secrets = fc.record({
  path: fc
    .tuple(name, name, name)
    .map(([a, b, c]) => [`/${a}q/${b}q/${c}q.158`, `/srv/${a}q-${b}q/${c}q`, `C:\\${a}q\\${b}q\\${c}q`])
    .chain((paths) => fc.constantFrom(...paths)),
  host: fc.tuple(name, name).map(([a, b]) => `${a}q.${b}q.internal`),
  ip: fc.oneof(
    fc.ipV4(),
    fc.ipV6().filter((ip) => ip.includes('::') && /[0-9a-f]{2}/.test(ip)),
  ),
  port: fc.integer({ min: 10_000, max: 65_535 }),
  pid: fc.integer({ min: 100_000, max: 4_000_000 }),
});
type Secrets = typeof secrets extends fc.Arbitrary<infer T> ? T : never;

/** What Node, PostgreSQL, S3, Temporal, libvips, FFmpeg and ONNX Runtime say, as they say it. */
const said: ((at: Secrets) => [message: string, code?: string])[] = [
  ({ path }) => [`ENOENT: no such file or directory, open '${path}'`, 'ENOENT'],
  ({ path }) => [`ENOSPC: no space left on device, write '${path}'`, 'ENOSPC'],
  ({ ip, port }) => [`connect ECONNREFUSED ${ip.includes(':') ? `[${ip}]` : ip}:${port}`, 'ECONNREFUSED'],
  ({ host, port }) => [`connect ETIMEDOUT ${host}:${port}`, 'ETIMEDOUT'],
  ({ host }) => [`getaddrinfo ENOTFOUND ${host}`, 'ENOTFOUND'],
  ({ host, port }) => [`getaddrinfo EAI_AGAIN ${host}:${port}`, 'EAI_AGAIN'],
  ({ host }) => [`Host: ${host}. is not in the cert's altnames: DNS:${host}`, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ({ pid }) => [`terminating connection of process ${pid} due to administrator command`, '57P01'],
  ({ host, port }) => [`could not connect to http://${host}:${port}/bucket: socket hang up`],
  ({ host }) => [`14 UNAVAILABLE: name resolution failed for target dns:${host}:7233`],
  ({ host, port }) => [`could not connect to ${host.split('.')[0]}:${port}`],
  ({ host }) => [`getaddrinfo ENOTFOUND ${host.split('.')[0]}`, 'ENOTFOUND'],
  ({ pid }) => [`Process ${pid} waits for ShareLock on transaction 7; blocked by process ${pid}.`, '40P01'],
  ({ path }) => [`heif: ${path}: bad seek to 1048576`],
  ({ path }) => [`VipsJpeg: premature end of JPEG image in "${path}"`],
  ({ path }) => [`Load model from ${path} failed:Protobuf parsing failed.`],
  ({ path, pid }) => [`[mov,mp4 @ 0x55d] error reading header of file:${path} (pid ${pid})`],
  ({ path }) => [`heap corruption\n    at Object.open (${path}:12:3)\n    at ${path}:7:1`],
  ({ path }) => [
    `scratch${path.replaceAll('\\', '/')}/originals-worker-7-26500/0f8fad5b-d9cb-469f-a165-70867728950e.158: bad`,
  ],
];

const thrown: ((message: string, code?: string) => unknown)[] = [
  (message, code) => Object.assign(new Error(message), code && { code }),
  (message) => message,
  (message) => new UnreadableMedia(`squats.mp4 is damaged: ${message}. Export it again.`),
  (message, code) =>
    new DatabaseWriteError(`PostgreSQL did not take it. ${message}`, {
      cause: Object.assign(new Error(message), { code }),
    }),
  (message) => new StorageUnavailable(`S3 is out of reach. ${message}`),
  (message) => fromWire(toWire(new Error(message)), 'The task "look" on squats.mp4'),
  (message) => fromWire(toWire(new UnreadableMedia(`squats.mp4: ${message}`)), 'The task "look"'),
  (message, code) => new Error('query failed', { cause: Object.assign(new Error(message), { code }) }),
];

test('no message to users names a path, a host, a port or a process of ours', () => {
  fc.assert(
    fc.property(
      secrets,
      fc.constantFrom(...said),
      fc.constantFrom(...thrown),
      fc.constantFrom<Record<string, number>>({}, { Unexpected: 4 }),
      // The name of a file that a user chose lets nothing else through.
      fc.constantFrom('squats.mp4', 'connect', 'at', 'open', 'file', 'of', ''),
      (at, saying, throwing, before, fileName) => {
        const [message, code] = saying(at);
        const told = withoutInternals(failureOf(throwing(message, code), before).message, fileName);
        const parts = at.path.split(/[/\\]/).filter((part) => part.length > 4);
        const left = [
          ...parts,
          at.host.split('.')[0] as string,
          at.ip,
          `${at.port}`,
          `${at.pid}`,
          '26500',
          '    at ',
        ];
        expect([message, told, left.filter((part) => told.includes(part))]).toEqual([message, told, []]);
        expect(told.length).toBeGreaterThan(10);
      },
    ),
    { numRuns: 2000 },
  );
});

test.each([
  'squats.mp4 has no video track, only sound or data. Upload a recording with a picture.',
  'S3 refused to write jobs/0f8fad5b-d9cb-469f-a165-70867728950e/measuring/rectified.jpg: AccessDenied (403).',
  'rtsp://admin:[redacted]@10.0.0.5:554/1 refuses to be read.',
  'Critical artifacts missing: findings=present report=MISSING',
  'The video is 12:30:45 long, 16:9, and/or cut at 00:01:30.',
  'The process that was looking at Photo 10.0.0.12.jpg was lost (killed by SIGKILL).',
  'Send the answer again to /api/jobs/7/assist, at 50 fps.',
  'EXIF data says 12 by 13; the ELEVATED camera at EVENT 7 was read to frame:120.',
  'We could process 12 of 13 frames, and process 7 frames again.',
  'front.corp.mp4 is damaged.',
  'ENOENT is what the system says: ENOSPC, and EPIPE while it wrote.',
])('what is in our words stays: %s', (message) => {
  expect(withoutInternals(message)).toBe(message);
});

const ownWords: ((name: string) => string)[] = [
  (name) => `${name} has no video track, only sound or data. Upload a recording with a picture.`,
  (name) => `"${name}" has no video track.`,
  (name) => `Not one frame of ${name} could be decoded; the file is damaged.`,
  (name) => `${name} is damaged: it is cut off, or a part of it is missing.`,
  (name) => `The process that was looking at ${name} was lost (killed by SIGKILL).`,
  (name) => `It is not ${name}.`,
];
/** Names as a user may choose them, some of which look like what must not be told. */
const fileName = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
    fc
      .array(
        fc.constantFrom(
          ...['EVENT', 'ENOENT', 'ECONNREFUSED', 'ENOTFOUND', 'connect', 'process 12', 'pid 7', 'frame:120'],
          ...[
            'squat.local',
            '.corp',
            '.mp4',
            'host db:5432',
            '10.0.0.5:80',
            '::1',
            '[::1]:80',
            'http:',
            'a.b:80',
          ],
          ...['0f8fad5b-d9cb-469f-a165-70867728950e.158', 'originals-w-7-26500', ' ', '"', '(', '$&', '.'],
        ),
        { minLength: 1, maxLength: 5 },
      )
      .map((parts) => parts.join('')),
  )
  .map(fileNameOf)
  // After these two words Node names a host. That none is told matters more than what follows such a name.
  .filter((name) => !/\bconnect E[A-Z]+$/.test(name));

test('the name of a file stays, whatever it looks like', () => {
  fc.assert(
    fc.property(fileName, fc.constantFrom(...ownWords), (name, words) => {
      expect(withoutInternals(words(name), name)).toBe(words(name));
    }),
    { numRuns: 3000 },
  );
});

test('a message of which nothing is left says so', () => {
  expect(withoutInternals('\n    at Object.open (/app/src/x.js:12:3)')).toMatch(/did not foresee/);
});

test.each([
  ['ECONNREFUSED', 'the connection was refused'],
  ['ENOSPC', 'the disk is full'],
  ['57P01', 'it was stopped or gave up'],
  ['23505', 'a rule of its tables forbids it'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is not trusted'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another name'],
  ['E_WHAT', undefined],
])('%s is told as "%s"', (code, words) => {
  expect(faultOf(new Error('outer', { cause: Object.assign(new Error('x'), { code }) }))).toBe(words);
});

test('what a decoder says of a file is told in a few words, whatever it says', () => {
  expect(pictureFault('heif: /x/y: bad seek')).toBe('it is cut off, or a part of it is missing');
  expect(pictureFault('Unknown error')).toBe('its picture cannot be read to the end');
  expect(videoFault('Invalid data found when processing input')).toBe(
    'what is in it is not as its format says',
  );
  expect(videoFault('Unknown error occurred')).toBe('nothing in it can be read');
});
