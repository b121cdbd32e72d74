import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loopVideo } from '../support/media/loop-video.ts';
import { makeScratchFolder } from '../support/media/scratch-folder.ts';
import { samplePath } from '../support/media/shipped.ts';
import { type RunningService, startService } from '../support/running-service.ts';
import { doubletake } from './run-cli.ts';

const squats = samplePath('squats.mp4');
let service: RunningService;
let folder: string;
const settings = () => ({
  DOUBLETAKE_API: service.url(''),
  DATABASE_URL: service.environment.DATABASE_URL as string,
});

// No worker: jobs stay queued, so that each test finds them where it left them.
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'doubletake-cli-'));
  service = await startService({ idle: true });
});
afterAll(async () => {
  await service?.stop();
  rmSync(folder, { recursive: true });
});

const ask = (...args: string[]) => doubletake(args, { env: settings() });

async function acceptedJob(...more: string[]): Promise<string> {
  const { code, stdout, stderr } = await ask('analyze', squats, '--no-wait', ...more);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('Accepted as job') });
  return stdout.trim();
}

/** What `--json` prints, as far as these tests look at it. */
interface Answer {
  job: { id: string; kind: string; status: string; options: Record<string, unknown> };
  items: { id: string }[];
  next_cursor: string | null;
}

async function askJson(...args: string[]): Promise<Answer> {
  const { stdout } = await ask(...args, '--json');
  return JSON.parse(stdout);
}

describe('an upload', () => {
  test('with --no-wait prints the id of the accepted job and nothing else on stdout', async () => {
    expect(await acceptedJob()).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('shows its progress as plain lines where there is no terminal', async () => {
    const { stderr } = await ask('analyze', squats, '--no-wait');
    expect(stderr).toMatch(/uploading squats\.mp4: 100 % of 508\.3 kB/);
    expect(stderr).not.toContain('\x1b');
  });

  test('of a tiny file is shown in bytes', async () => {
    const path = join(folder, 'text.mp4');
    writeFileSync(path, 'eighteen bytes 123');
    expect((await ask('analyze', path)).stderr).toContain('uploading text.mp4: 100 % of 18 bytes');
  });

  test('takes the options of the command line along', async () => {
    const { job } = await askJson('analyze', squats, '--no-wait', '--quick', '--option', 'cutoff_hz=8');
    expect(job.options).toMatchObject({ mode: 'quick', cutoff_hz: 8 });
  });

  test('of a file that is no video is refused in the words of the server', async () => {
    const path = join(folder, 'holiday.mp4');
    writeFileSync(path, 'not a video at all');
    const { code, stdout } = await ask('analyze', path, '--json');
    const { error } = JSON.parse(stdout);
    expect(error).toMatchObject({ type: 'ServerRefused', status: 415, exit_code: 2 });
    expect(error.message).toContain('holiday.mp4');
    expect(error.message).toContain('Export it as an MP4 video');
    expect(error.message).toBe(error.problem.detail);
    expect(code).toBe(2);
  });

  test('of a large file is resumable, and makes a job as well', async () => {
    const folder = await makeScratchFolder();
    loopVideo(samplePath('walk-and-jump.mp4'), { frames: 3680 }, folder.file('long.mp4'));
    const { job } = await askJson('analyze', folder.file('long.mp4'), '--no-wait');
    await folder.remove();
    expect(job).toMatchObject({ kind: 'technique', status: 'queued' });
  });
});

test('Ctrl-C while waiting says that the job goes on and how to follow it, and it does', async () => {
  const { code, stderr } = await doubletake(['analyze', squats], {
    env: settings(),
    during(child, soFar) {
      const looking = setInterval(() => {
        if (!soFar().includes('QUEUED')) return;
        clearInterval(looking);
        child.kill('SIGINT');
      }, 50);
    },
  });
  expect(code).toBe(130);
  const id = /doubletake job ([0-9a-f-]{36}) --wait/.exec(stderr)?.[1] as string;
  expect((await askJson('job', id)).job.status).toBe('queued');
});

describe('the list', () => {
  test('shows jobs newest first, and can be narrowed and limited', async () => {
    const first = await acceptedJob();
    const second = await acceptedJob();
    const { stdout } = await ask('jobs');
    expect(stdout).toMatch(/^JOB +FILE +KIND +STATUS +STAGE +DONE +CREATED/);
    expect(stdout).toContain(`${second}  squats.mp4`);
    expect(stdout.indexOf(second)).toBeLessThan(stdout.indexOf(first));
    const { items, next_cursor } = await askJson('jobs', '--limit', '1');
    expect(items.map(({ id }) => id)).toEqual([second]);
    expect(next_cursor).not.toBeNull();
    expect((await askJson('jobs', '--status', 'done')).items).toEqual([]);
    expect((await askJson('jobs', '--all')).next_cursor).toBeNull();
  });

  test('says so when there is nothing in it', async () => {
    const { code, stdout } = await ask('jobs', '--status', 'failed');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'No jobs.\n' });
  });
});

describe('one job', () => {
  test('can be shown, cancelled, looked back at and deleted', async () => {
    const id = await acceptedJob();
    expect((await ask('job', id)).stdout).toMatch(/^file: +squats\.mp4$/m);
    expect((await ask('job', id)).stdout).toContain(`workflow:  technique-${id}`);

    // Whether the relay was faster decides if it is over at once or only asked to stop.
    const canceled = await ask('cancel', id);
    expect(canceled).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/is cancelled|is asked to stop/),
    });

    const history = await ask('job', id, '--history');
    expect(history.stdout).toMatch(/WHEN +STATUS +STAGE +WHY/);

    const removed = await ask('delete', id, '--cancel');
    expect(removed).toMatchObject({ code: 0, stdout: expect.stringContaining('no longer shown') });
    const gone = await ask('job', id);
    expect(gone).toMatchObject({ code: 2, stderr: expect.stringContaining(id) });
  });

  test('that did not fail cannot be retried', async () => {
    const { code, stderr } = await ask('retry', await acceptedJob());
    expect(code).toBe(2);
    expect(stderr).toMatch(/^doubletake: .+\n$/);
  });

  test('that runs is not deleted without --cancel', async () => {
    const { code, stderr } = await ask('delete', await acceptedJob());
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('with --cancel') });
  });

  test('that does not exist is told as such', async () => {
    const nobody = '5f0c7b4e-0000-4000-8000-000000000000';
    for (const command of ['job', 'cancel', 'retry', 'delete']) {
      const { code, stderr } = await ask(command, nobody);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(nobody) });
    }
  });
});
