import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { doubletake } from './run-cli.ts';

const id = '5f0c7b4e-0000-4000-8000-000000000000';
const open: { server: Server; out: string }[] = [];

afterEach(() => {
  for (const { server, out } of open.splice(0)) {
    server.closeAllConnections();
    server.close();
    rmSync(out, { recursive: true, force: true });
  }
});

const pictures = Array.from({ length: 40 }, (_, at) => ({
  name: `frame-${at}.jpg`,
  bytes: randomBytes(300_000 + 7 * at),
}));

/** A finished job with 40 pictures of 300 kB; `answer` may take over the sending of one. */
async function jobWithPictures(
  answer: (at: number, ...rest: Parameters<RequestListener>) => boolean = () => false,
) {
  const server = createServer((request, response) => {
    const json = (value: unknown) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const picture = /^\/stored\/(\d+)$/.exec(request.url as string)?.[1];
    if (picture !== undefined) {
      if (answer(Number(picture), request, response)) return;
      response.end(pictures[Number(picture)]?.bytes);
    } else if (request.url?.includes('/artifacts')) {
      const items = pictures.map(({ name, bytes }, at) => ({
        pass: 'deep',
        name,
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        url: `${url}/stored/${at}`,
      }));
      json({ items, next_cursor: null });
    } else if (request.url?.endsWith('/result')) json({ found: 'something' });
    else
      json({
        id,
        kind: 'other',
        phase: 'succeeded',
        status: 'done',
        stage: 'DONE',
        progress_pct: 100,
        created_at: '2026-01-01T00:00:00.000Z',
        links: {},
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const out = mkdtempSync(join(tmpdir(), 'doubletake-out-'));
  open.push({ server, out });
  const fetched = (...more: string[]) => doubletake(['job', id, '--out', out, '--api', url, ...more]);
  return { fetched, out, files: () => readdirSync(out, { recursive: true }).map(String) };
}

function expectAllIn(out: string): void {
  for (const { name, bytes } of pictures)
    expect(readFileSync(join(out, 'deep', name)).equals(bytes)).toBe(true);
}

describe('many large artifacts', () => {
  test('come whole over connections that are kept', async () => {
    const { fetched, out } = await jobWithPictures();
    expect(await fetched()).toMatchObject({ code: 0, stdout: expect.stringContaining('Wrote 40 files') });
    expectAllIn(out);
  });

  test('come whole from a server that closes after each answer, as versitygw does', async () => {
    const { fetched, out } = await jobWithPictures((at, { socket }) => {
      // Bytes and end at once: the end is there while the client still writes to its disk.
      const bytes = pictures[at]?.bytes as Buffer;
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\nConnection: close\r\n\r\n`);
      socket.write(bytes);
      socket.end();
      return true;
    });
    expect(await fetched()).toMatchObject({ code: 0, stderr: '' });
    expectAllIn(out);
  });

  test('come whole though connections break in the middle of them', async () => {
    const broken = new Set<number>();
    const { fetched, out } = await jobWithPictures((at, _, response) => {
      if (at % 10 !== 3 || broken.has(at)) return false;
      broken.add(at);
      response.writeHead(200, { 'content-length': 300_000 + 7 * at });
      response.write(pictures[at]?.bytes.subarray(0, 100_000), () => response.destroy());
      return true;
    });
    expect(await fetched()).toMatchObject({ code: 0 });
    expectAllIn(out);
  });
});

describe('files that cannot be had', () => {
  const refusing = () =>
    jobWithPictures((at, _, response) => {
      if (at === 17) response.writeHead(403).end('<Error/>');
      return at === 17;
    });

  test('end with 5, after the answer, and leave no half of one', async () => {
    const { fetched, files } = await refusing();
    const { code, stdout, stderr } = await fetched();
    expect(code).toBe(5);
    expect(stdout).toContain('"found": "something"');
    expect(stderr).toMatch(new RegExp(`The answer above is whole.*doubletake job ${id} --out`));
    expect(files().filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('stand in the one document of --json, beside the answer', async () => {
    const { fetched } = await refusing();
    const { code, stdout } = await fetched('--json');
    expect(code).toBe(5);
    expect(JSON.parse(stdout)).toMatchObject({
      job: { phase: 'succeeded' },
      result: { found: 'something' },
      error: { exit_code: 5 },
    });
  });

  test('because they are not as stored, are not written', async () => {
    const { fetched, files } = await jobWithPictures((at, _, response) => {
      if (at === 5) response.end('something else');
      return at === 5;
    });
    expect(await fetched()).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('deep/frame-5.jpg'),
    });
    expect(files()).not.toContain(join('deep', 'frame-5.jpg'));
  });

  test('because the disk refuses, likewise', async () => {
    const { fetched, out, files } = await jobWithPictures();
    writeFileSync(join(out, 'deep'), 'a file where a folder should be');
    expect(await fetched()).toMatchObject({ code: 5, stderr: expect.stringContaining('cannot be written') });
    expect(files()).toEqual(['deep']);
  });
});
