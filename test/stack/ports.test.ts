import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server as NetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { freePort } from '../../stack/ports.ts';
import { listens } from '../../stack/processes/listens.ts';
import { Server } from '../../stack/servers/server.ts';

const open: NetServer[] = [];

afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function taken(host: string): Promise<number> {
  const server = createServer();
  open.push(server);
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

test('a free port is kept, a taken one is left to who has it', async () => {
  const free = await freePort();
  expect(await freePort(free)).toBe(free);
  for (const host of ['127.0.0.1', '0.0.0.0']) {
    const port = await taken(host);
    expect(await freePort(port)).not.toBe(port);
  }
});

test('who listens on a port is told apart', async () => {
  const port = await taken('127.0.0.1');
  const other = spawn('sleep', ['30']);
  await once(other, 'spawn');
  expect(listens(process.pid, port)).toBe(true);
  expect(listens(other.pid as number, port)).toBe(false);
  other.kill();
});

test('a server whose port another program took before it came moves on, though that one answers', async () => {
  const robbed: number[] = [];
  const script =
    'require("http").createServer((_, answer) => answer.end()).listen(Number(process.argv[1]), "127.0.0.1")';
  const server = new Server({
    name: 'late',
    ports: { main: 0 },
    async launch({ main }) {
      if (robbed.length === 0) {
        const thief = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
        open.push(thief);
        thief.listen(main, '127.0.0.1');
        await once(thief, 'listening');
        robbed.push(main as number);
      }
      const log = join(tmpdir(), `doubletake-late-${process.pid}.log`);
      return { name: 'late', command: process.execPath, args: ['-e', script, String(main)], log };
    },
    ready: async ({ main }) => (await fetch(`http://127.0.0.1:${main}/`)).ok,
  });
  await server.start();
  expect(robbed).toHaveLength(1);
  expect(server.port()).not.toBe(robbed[0]);
  await server.stop();
});
