import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { toFinding } from '../../../../../src/kinds/scan/analysis/findings.ts';
import { ClamdFailure, readAnswer } from '../../../../../src/kinds/scan/clamav/answer.ts';
import {
  type ClamdAddress,
  clamdVersion,
  scanWithClamd,
} from '../../../../../src/kinds/scan/clamav/clamd.ts';

const folder = mkdtempSync(join(tmpdir(), 'doubletake-clamd-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;

/** A server that speaks as clamd does, or stops doing so. */
async function withServer<T>(
  serve: (socket: Socket) => void,
  use: (address: ClamdAddress) => Promise<T>,
  tcp = false,
) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    serve(socket);
  });
  const path = join(folder, `${count++}`);
  await new Promise<void>((resolve) =>
    tcp ? server.listen(0, '127.0.0.1', resolve) : server.listen(path, resolve),
  );
  const bound = server.address();
  try {
    return await use(typeof bound === 'object' && bound ? { host: '127.0.0.1', port: bound.port } : { path });
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Reads INSTREAM to its end, then answers. */
function instream(answer: (content: Buffer) => string, commands: string[] = []) {
  return (socket: Socket) => {
    let buffer = Buffer.alloc(0);
    const content: Buffer[] = [];
    socket.on('data', (bytes) => {
      buffer = Buffer.concat([buffer, bytes]);
      if (commands.length === 0) {
        const end = buffer.indexOf(0);
        if (end < 0) return;
        commands.push(buffer.toString('latin1', 0, end + 1));
        buffer = buffer.subarray(end + 1);
      }
      while (buffer.length >= 4) {
        const length = buffer.readUInt32BE();
        if (length === 0) return socket.end(answer(Buffer.concat(content)));
        if (buffer.length < 4 + length) return;
        content.push(buffer.subarray(4, 4 + length));
        buffer = buffer.subarray(4 + length);
      }
    });
  };
}

const fileOf = (content: Buffer) => ({
  size: content.length,
  read: (from: number, to: number) => content.subarray(from, to),
});
const large = Buffer.from(Array.from({ length: 500_001 }, (_, index) => index % 251));
const limits = { milliseconds: 60_000 };

test.each([false, true])('all bytes arrive, and the answer counts, over TCP: %s', async (tcp) => {
  for (const content of [Buffer.alloc(0), Buffer.from('abc'), large]) {
    const commands: string[] = [];
    let received: Buffer | undefined;
    const serve = instream((bytes) => {
      received = bytes;
      return 'stream: OK\0';
    }, commands);
    expect(
      await withServer(serve, (address) => scanWithClamd(address, fileOf(content), limits), tcp),
    ).toEqual({ findings: [] });
    expect(commands).toEqual(['zINSTREAM\0']);
    expect(received?.equals(content)).toBe(true);
  }
});

test('the version', async () => {
  const said = 'ClamAV 1.4.6/27812/Mon Jan  5 08:00:00 2026';
  const version = await withServer(
    (socket) => socket.end(`${said}\0`),
    (address) => clamdVersion(address, limits),
  );
  expect(version).toEqual({ text: said, engine: '1.4.6', database: '27812' });
  const bare = await withServer(
    (socket) => socket.end('ClamAV 1.4.6\0'),
    (address) => clamdVersion(address, limits),
  );
  expect(bare).toEqual({ text: 'ClamAV 1.4.6', engine: '1.4.6', database: null });
});

test('an answer that comes before everything was sent counts', async () => {
  const serve = (socket: Socket) =>
    socket.once('data', () => socket.end('INSTREAM size limit exceeded. ERROR\0'));
  const report = await withServer(serve, (address) =>
    scanWithClamd(address, fileOf(Buffer.alloc(20_000_000)), limits),
  );
  expect(report.incomplete).toHaveLength(1);
});

test('gone in the middle, or not there: a failure with its reason', async () => {
  const gone = withServer(
    (socket) => socket.once('data', () => socket.destroy()),
    (address) => scanWithClamd(address, fileOf(large), limits),
  );
  await expect(gone).rejects.toThrow(ClamdFailure);
  const half = withServer(
    instream(() => 'stream: Win.Te'),
    (address) => scanWithClamd(address, fileOf(large), limits),
  );
  await expect(half).rejects.toThrow('before it answered');
  const nowhere = scanWithClamd({ path: join(folder, 'none') }, fileOf(large), limits);
  await expect(nowhere).rejects.toThrow(/cannot be reached \(ENOENT\)/);
});

test('who does not answer is left, and whoever is no longer asked for', async () => {
  const silent = () => {};
  const late = withServer(silent, (address) => scanWithClamd(address, fileOf(large), { milliseconds: 50 }));
  await expect(late).rejects.toMatchObject({ timedOut: true, message: expect.stringContaining('50 ms') });
  const controller = new AbortController();
  const aborted = withServer(
    (socket) => socket.once('data', () => controller.abort(new Error('no longer wanted'))),
    (address) => scanWithClamd(address, fileOf(large), { ...limits, signal: controller.signal }),
  );
  await expect(aborted).rejects.toThrow('no longer wanted');
  const before = { ...limits, signal: AbortSignal.abort(new Error('never wanted')) };
  await expect(
    withServer(silent, (address) => scanWithClamd(address, fileOf(large), before)),
  ).rejects.toThrow('never wanted');
});

test.each([
  ['stream: Win.Test.EICAR_HDB-1 FOUND\0', 'clamav.Win.Test.EICAR_HDB-1', 1000],
  ['stream: Mine.UNOFFICIAL FOUND\0', 'clamav.Mine', 1000],
  [
    'stream: Win.Test.EICAR_HDB-1(44d88612fea8a8f36de82e1278abb02f:68) FOUND\0',
    'clamav.Win.Test.EICAR_HDB-1',
    1000,
  ],
  ['instream(127.0.0.1@1): Xls.A-1 FOUND\0', 'clamav.Xls.A-1', 1000],
  ['stream: PUA.Win.Packer.UPX-1 FOUND\0', 'clamav.PUA.Win.Packer.UPX-1', 300],
  ['stream: Heuristics.OLE2.ContainsMacros FOUND\0', 'clamav.Heuristics.OLE2.ContainsMacros', 300],
])('%j is a finding', (answer, id, score) => {
  const { findings, incomplete } = readAnswer(answer);
  expect(findings.map((finding) => toFinding(finding, 'a', {}))).toMatchObject([{ id, score }]);
  expect(incomplete).toBeUndefined();
});

test.each([
  'stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0',
  'stream: Heuristics.Limits.Exceeded.MaxScanTime FOUND\0',
  'stream: Heuristics.Encrypted.Zip FOUND\0',
  'stream: Heuristics.Encrypted.PDF.UNOFFICIAL FOUND\0',
  'stream: (null) FOUND\0',
  'INSTREAM size limit exceeded. ERROR\0',
])('%j says that not everything was looked at', (answer) => {
  expect(readAnswer(answer)).toEqual({ findings: [], incomplete: [expect.stringMatching(/^ClamAV .*\.$/)] });
});

test.each(["stream: Can't allocate memory ERROR\0", 'UNKNOWN COMMAND\0', '\0', 'stream: FOUND\0'])(
  '%j is a failure',
  (answer) => {
    expect(() => readAnswer(answer)).toThrow(ClamdFailure);
  },
);
