import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { truncated } from '../support/media/damage.ts';
import { encodeSoundOnly } from '../support/media/encode-sound.ts';
import { loopVideo } from '../support/media/loop-video.ts';
import { makeScratchFolder, type ScratchFolder } from '../support/media/scratch-folder.ts';
import { samplePath } from '../support/media/shipped.ts';
import { type RunningService, startService } from '../support/running-service.ts';
import { doubletake, type Ran } from './run-cli.ts';
import { unreliableProxy } from './unreliable-proxy.ts';

const squats = samplePath('squats.mp4');
let service: RunningService;
let folder: ScratchFolder;

beforeAll(async () => {
  folder = await makeScratchFolder();
  const secret = `whsec_${Buffer.from('the secret of the whole service').toString('base64')}`;
  service = await startService({ environment: { DOUBLETAKE_WEBHOOK_SECRET: secret } });
});
afterAll(async () => {
  await service?.stop();
  await folder?.remove();
});

const ask = (...args: string[]) => doubletake(args, { env: { DOUBLETAKE_API: service.url('') } });
const idIn = ({ stderr }: Ran) => /Accepted as job ([0-9a-f-]{36})/.exec(stderr)?.[1] as string;

describe('a coach who analyses a video', () => {
  test('reads findings, repetitions, the five metrics and where to read on', async () => {
    const { code, stdout, stderr } = await ask('analyze', squats);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('DONE: 100 %') });
    expect(stdout).toMatch(/^Findings of the deep pass\noverall: (low|medium|high)\n/);
    expect(stdout).toMatch(/Repetitions: 3; largest knee flexion [\d.]+°/);
    for (const name of [
      'Steady head',
      'Balance over the feet',
      'Front knee brace',
      'Hip-shoulder separation',
      'Elbow drop',
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${name}  `, 'm'));
      expect(stdout).toMatch(new RegExp(`^  ${name} \\((low|medium|high|not judged)\\)`, 'm'));
    }
    expect(stdout).toContain(`report:       ${service.url('/reports/')}`);
    // A score beside no threshold that holds here would say what is not known.
    expect(stdout).toMatch(/^ {2}Front knee brace +\S+ degrees +– .*not judged: /m);
    // Colours are for terminals.
    expect(stdout).not.toContain('\x1b');
  });

  test('of a video that is cut off hears so before the findings, and in the result', async () => {
    const path = folder.file('cut-late.mp4');
    await truncated(samplePath('walk-and-jump.mp4'), 0.6, path);
    const { code, stdout } = await ask('analyze', path, '--quick');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^The file is cut off: it lists 230 frames, but only \d+ are in it\./m);
    expect(stdout.indexOf('The file is cut off')).toBeLessThan(stdout.indexOf('Steady head'));
    const id = /result: +\S+\/api\/jobs\/([0-9a-f-]{36})/.exec(stdout)?.[1];
    const result = await (await fetch(service.url(`/api/jobs/${id}/result`))).json();
    expect(result).toMatchObject({ pass: 'quick', missing_frames: expect.any(Number) });
    expect((result as { missing_frames: number }).missing_frames).toBeGreaterThan(50);
  });

  test('gets every artifact whole, and the report, with --out', async () => {
    const out = folder.file('result');
    const { code, stdout } = await ask('analyze', squats, '--quick', '--out', out, '--json');
    expect(code).toBe(0);
    const { job, result, artifacts, written } = JSON.parse(stdout);
    expect(job).toMatchObject({ phase: 'succeeded', progress_pct: 100 });
    const report = readFileSync(join(out, 'report.md'), 'utf8');
    expect(report.replaceAll('](quick/', '](')).toBe(result.quick_report.text);
    const pictures = [...report.matchAll(/!\[[^\]]+\]\((\S+)\)/g)].map(([, path]) => path as string);
    expect(pictures.length).toBeGreaterThan(0);
    for (const path of pictures) expect(existsSync(join(out, path))).toBe(true);
    expect(written).toHaveLength(artifacts.length + 1);
    for (const { pass, name, sha256 } of artifacts) {
      const bytes = readFileSync(join(out, pass, name));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    }
    const files = readdirSync(out, { recursive: true }).map((path) => basename(String(path)));
    expect(files.filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('has an address told of it with --webhook', async () => {
    const url = 'https://example.org/told';
    const { code, stdout } = await ask('analyze', squats, '--quick', '--no-wait', '--webhook', url, '--json');
    expect([code, JSON.parse(stdout).job.webhook]).toEqual([0, { url }]);
  });

  test('is told before the upload when the result could not be written', async () => {
    const out = folder.file('taken');
    writeFileSync(out, 'a file, not a folder');
    const { code, stderr } = await ask('analyze', squats, '--quick', '--out', out);
    expect(stderr).toMatch(/^doubletake: --out .*taken cannot be written to: .+\n$/);
    expect(code).toBe(2);
  });

  test('measures stored keypoints again with another cut-off, without the video', async () => {
    const first = idIn(await ask('analyze', squats));
    const { code, stdout } = await ask('analyze', '--from', first, '--option', 'cutoff_hz=2', '--json');
    expect(code).toBe(0);
    const { job, result } = JSON.parse(stdout);
    expect(job.options).toMatchObject({ source_job_id: first, cutoff_hz: 2 });
    expect(result.deep_results.repetitions.count).toBe(3);
  });
});

describe('a file that cannot be analysed', () => {
  test('ends with 1 and the reason, again after retry, and can be looked back at', async () => {
    const path = folder.file('sound.mp4');
    encodeSoundOnly(path);
    const ran = await ask('analyze', path);
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/failed: .*sound\.mp4.* Another export of the file may do/),
    });
    const id = idIn(ran);
    expect((await ask('retry', id, '--wait')).code).toBe(1);
    const shown = await ask('job', id, '--json');
    expect(shown.code).toBe(1);
    expect(JSON.parse(shown.stdout).job).toMatchObject({ status: 'failed', attempt: 2 });
    expect((await ask('job', id, '--history')).stdout).toMatch(/processing → failed +FAILED/);
  });

  test('because it was cut off, is one line about this file', async () => {
    const path = folder.file('cut.mp4');
    await truncated(squats, 0.5, path);
    const { code, stderr } = await ask('analyze', path);
    expect(code).toBe(1);
    expect(stderr.trim().split('\n').at(-1)).toContain('cut.mp4');
  });
});

describe('a bad connection', () => {
  test('that breaks in the middle of a large upload is resumed', async () => {
    const path = folder.file('long.mp4');
    loopVideo(samplePath('walk-and-jump.mp4'), { frames: 3680 }, path);
    const proxy = await unreliableProxy(service.url(''), [20e6, 20e6]);
    const { code, stdout, stderr } = await ask('analyze', path, '--quick', '--no-wait', '--api', proxy.url);
    await proxy.close();
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('The connection broke') });
    expect(proxy.cuts()).toBe(2);
    await ask('cancel', stdout.trim());
  });

  test('that breaks in the middle of a small upload makes one job, not two', async () => {
    const proxy = await unreliableProxy(service.url(''), [300e3]);
    const before = (await listed()).length;
    const { code } = await ask('analyze', squats, '--quick', '--no-wait', '--api', proxy.url);
    await proxy.close();
    expect(code).toBe(0);
    expect(await listed()).toHaveLength(before + 1);
  });

  test('that breaks while waiting is taken up again', async () => {
    const proxy = await unreliableProxy(service.url(''));
    const jobs = async () => {
      const answer = await fetch(service.url('/api/jobs?limit=100'));
      const { items } = (await answer.json()) as { items: unknown[] };
      return items.length;
    };
    const before = await jobs();
    let isWaiting = false;
    const breaking = setInterval(async () => {
      isWaiting ||= (await jobs()) > before;
      if (isWaiting) proxy.cutAll();
    }, 500);
    const { code, stdout } = await doubletake(['analyze', squats, '--api', proxy.url], {
      during: (child) => child.once('exit', () => clearInterval(breaking)),
    });
    await proxy.close();
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('Repetitions: 3') });
  });

  test('is no matter when the API itself is killed and comes back', async () => {
    const ran = await doubletake(['analyze', squats], {
      env: { DOUBLETAKE_API: service.url('') },
      during(child, soFar) {
        const looking = setInterval(async () => {
          if (!soFar().includes('Accepted')) return;
          clearInterval(looking);
          await service.api.kill();
          await service.api.start();
        }, 20);
        child.once('exit', () => clearInterval(looking));
      },
    });
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('Repetitions: 3') });
  });

  test('through which events do not come is polled instead', async () => {
    const proxy = createServer(async (request, response) => {
      if (request.url?.endsWith('/progress')) return response.writeHead(406).end();
      const answer = await fetch(service.url(request.url as string), {
        method: request.method as string,
        headers: request.headers as Record<string, string>,
        ...(request.method === 'POST' && { body: Readable.toWeb(request) as ReadableStream, duplex: 'half' }),
      });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      response.end(await answer.text());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const { code, stderr } = await ask('analyze', squats, '--quick', '--api', url);
    proxy.closeAllConnections();
    proxy.close();
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('DONE: 100 %') });
  });
});

test('a server that is something else is told from ours', async () => {
  const other = createServer((_, response) => response.end('<html>Hello</html>'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const { code, stderr } = await ask('jobs', '--api', url);
  other.close();
  expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('not as Doubletake does') });
});

async function listed(): Promise<unknown[]> {
  return JSON.parse((await ask('jobs', '--all', '--json')).stdout).items;
}
