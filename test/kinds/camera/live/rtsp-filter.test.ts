import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RtspFilter } from '../../../../src/kinds/camera/live/rtsp-filter.ts';

const frame = (length: number, fill = 0x41) =>
  Buffer.concat([Buffer.from([0x24, 0, length >> 8, length & 255]), Buffer.alloc(length, fill)]);
const ok = (body = '', more = '') =>
  Buffer.from(
    `RTSP/1.0 200 OK\r\nCSeq: 2\r\n${more}${body && `Content-Length: ${body.length}\r\n`}\r\n${body}`,
  );
const redirect = 'RTSP/1.0 302 Found\r\nCSeq: 2\r\nLocation: rtsp://10.0.0.1/x\r\n\r\n';

const through = (...chunks: (Buffer | string)[]) => {
  const filter = new RtspFilter();
  return Buffer.concat(chunks.map((chunk) => filter.push(Buffer.from(chunk as never))));
};

test('answers and packets pass as they are, however they are cut up', () => {
  const sent = Buffer.concat([ok(), frame(1400), ok('v=0\r\na=control:*\r\n'), frame(8), frame(65_535)]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: sent.length - 1 }), { maxLength: 12 }), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), sent.length];
      const chunks = places.slice(1).map((end, n) => sent.subarray(places[n], end));
      expect(through(...chunks).equals(sent)).toBe(true);
    }),
  );
});

test.each([
  ['as it is', redirect],
  ['with bare line feeds', redirect.replaceAll('\r', '')],
  ['of another version', redirect.replace('1.0', '2.0')],
  ['after an answer', `${ok()}${redirect}`],
  ['after a packet', `${frame(20)}${redirect}`],
  ['after a body', `${ok('v=0')}${redirect}`],
])('a redirect (%s) never passes', (_how, text) => {
  const filter = new RtspFilter();
  const passed: Buffer[] = [];
  // Byte by byte, since no part of it may be passed on before it is known.
  expect(() => {
    for (const byte of Buffer.from(text, 'latin1')) passed.push(filter.push(Buffer.from([byte])));
  }).toThrow('sends its readers to another address');
  expect(Buffer.concat(passed).toString('latin1')).not.toContain('302');
});

test('what two readers could read differently does not pass', () => {
  // FFmpeg takes a packet under 8 bytes for none, and what is in it for text.
  expect(through(frame(7), ok())).toEqual(ok());
  for (const head of [
    'HTTP/1.1 200 OK\r\n\r\n',
    'RTSP/1.0 200 OK\r\n$\0\0\0\r\n\r\n',
    'RTSP/1.0 200 OK\r\nContent-Length: 4\r\nContent-Length: 400\r\n\r\n',
    'RTSP/1.0 200 OK\r\nContent-Length: 0x10\r\n\r\n',
    'RTSP/1.0 200 OK\r\nContent-Length: 9999999\r\n\r\n',
    ' RTSP/1.0 302 Found\r\n\r\n',
    `RTSP/1.0 200 OK\r\nX: ${'y'.repeat(70_000)}`,
  ])
    expect(() => through(head)).toThrow('something else than RTSP');
});

test('a request of the camera is kept back, and the last answer is known', () => {
  const filter = new RtspFilter();
  expect(filter.push(Buffer.from('OPTIONS rtsp://x RTSP/1.0\r\nCSeq: 1\r\n\r\n')).length).toBe(0);
  filter.push(Buffer.from('RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\n\r\n'));
  expect(filter.lastStatus).toBe(401);
});
