import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { doubletake } from './run-cli.ts';

const squats = new URL('../../samples/squats.mp4', import.meta.url).pathname;
/** A port of the reserved range that nothing listens on. */
const nobody = 'http://127.0.0.1:1023';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'doubletake-cli-'));
  folders.push(folder);
  return folder;
}

function fileOf(bytes: string): string {
  const path = join(newFolder(), 'clip.mp4');
  writeFileSync(path, bytes);
  return path;
}

describe('help', () => {
  test('lists the commands and the exit codes', async () => {
    const { code, stdout } = await doubletake(['--help']);
    expect(code).toBe(0);
    for (const word of ['analyze', 'jobs', 'retry', 'cancel', 'delete', 'keys'])
      expect(stdout).toContain(word);
    expect(stdout).toMatch(/130 +interrupted/);
  });

  test('is shown when no command is given, as a mistake', async () => {
    const { code, stderr } = await doubletake([]);
    expect(code).toBe(2);
    expect(stderr).toContain('Usage: doubletake');
  });

  test('and hints name the command as it was typed', async () => {
    const env = { npm_command: 'exec' };
    expect((await doubletake(['cancel', 'x'], { env })).stderr).toContain('"npx doubletake jobs" lists them');
    expect((await doubletake(['analyze', '--help'], { env })).stdout).toContain(
      '  npx doubletake analyze squats',
    );
    const bin = await doubletake(['cancel', 'x'], { program: 'bin/doubletake.mjs' });
    expect(bin.stderr).toMatch(/"node \S*bin\/doubletake\.mjs jobs" lists them/);
  });
});

describe('a mistake is told in one line and ends with 2', () => {
  const mistakes: [string, string[], RegExp][] = [
    ['an unknown command', ['analyse', squats], /unknown command 'analyse'/],
    ['no file', ['analyze'], /Name a media file/],
    ['a file that is not there', ['analyze', '/nowhere/clip.mp4'], /There is no file \/nowhere\/clip\.mp4/],
    ['a folder', ['analyze', '/'], /is a folder/],
    ['an empty file', ['analyze', fileOf('')], /is empty \(0 bytes\)/],
    ['an unknown kind', ['analyze', squats, '--kind', 'dance'], /Allowed choices are technique/],
    ['quick and deep at once', ['analyze', squats, '--quick', '--deep'], /cannot be used with/],
    [
      'a depth of a kind that has none',
      ['analyze', squats, '--kind', 'measurement', '--quick'],
      /--quick: a measurement has no such option/,
    ],
    ['an option without a value', ['analyze', squats, '--option', 'cutoff_hz'], /expected key=value/],
    ['an option that is no JSON', ['analyze', squats, '--option', 'person={x'], /is no JSON/],
    ['an option out of range', ['analyze', squats, '--option', 'cutoff_hz=500'], /cutoff_hz: Too big/],
    [
      'an option that does not exist',
      ['analyze', squats, '--option', 'speed=2'],
      /"speed"; there are mode, person,.*cutoff_hz/,
    ],
    ['a file and --from', ['analyze', squats, '--from', 'x'], /without a video: leave out .*squats\.mp4/],
    ['a status there is not', ['jobs', '--status', 'finished'], /Allowed choices are queued, processing/],
    ['a kind to list there is not', ['jobs', '--kind', 'dance'], /Allowed choices are technique/],
    ['--out without waiting', ['analyze', squats, '--no-wait', '--out', 'x'], /--out needs the answer/],
    ['a limit of nothing', ['jobs', '--limit', '0'], /whole number from 1/],
    ['an address that is none', ['jobs', '--api', 'localhost'], /--api says "localhost"/],
    ['an id that is none', ['cancel', 'x'], /"x" is no id of a job/],
    ['no job named', ['job'], /missing required argument 'id'/],
  ];
  test.each(mistakes)('%s', async (_, args, words) => {
    const { code, stdout, stderr } = await doubletake(args);
    expect(stderr).toMatch(words);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test('and as a document with --json', async () => {
    const { code, stdout } = await doubletake(['analyze', '/nowhere/clip.mp4', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: { type: 'Usage', message: 'There is no file /nowhere/clip.mp4.', exit_code: 2 },
    });
  });
});

describe('nobody at the address', () => {
  test('is told at once, with what to do, and ends with 4', async () => {
    for (const args of [['jobs'], ['analyze', squats], ['cancel', '5f0c7b4e-0000-4000-8000-000000000000']]) {
      const { code, stderr } = await doubletake([...args, '--api', nobody]);
      expect(stderr).toContain(
        `No answer from the server at ${nobody} (address from --api): connection refused.`,
      );
      expect(stderr).toContain('npm start');
      expect(code).toBe(4);
    }
  });

  test('whoever listens on the usual port is not taken for the stack that does not run', async () => {
    const asked: (string | undefined)[] = [];
    const stranger = createServer(({ url }, response) => {
      asked.push(url);
      response.end('{}');
    });
    // Where something listens there already, nothing less must happen.
    await new Promise<void>((resolve) =>
      stranger
        .once('error', () => resolve())
        .once('listening', () => resolve())
        .listen(3000, '127.0.0.1'),
    );
    try {
      for (const args of [['jobs'], ['analyze', squats], ['analyze', squats, '--json']]) {
        const { code, stderr } = await doubletake(args);
        expect(stderr).toMatch(/^doubletake: The embedded stack of .* is not running.*"npm start"/);
        expect(code).toBe(4);
      }
      expect(asked).toEqual([]);
    } finally {
      stranger.close();
    }
  });

  test('names the environment variable the address came from', async () => {
    const { code, stderr } = await doubletake(['jobs'], { env: { DOUBLETAKE_API: nobody } });
    expect(stderr).toContain('(address from DOUBLETAKE_API)');
    expect(code).toBe(4);
  });
});
