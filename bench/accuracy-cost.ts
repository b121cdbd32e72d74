import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { measurementOptions } from '../src/domain/kinds/measurement.ts';
import { measurementTasks } from '../src/kinds/measurement/child/task-module.ts';
import type { MeasurementTasks } from '../src/kinds/measurement/child/tasks.ts';
import { openChildPool } from '../src/media/child-pool.ts';
import type { Section } from './section.ts';
import { spread } from './statistics.ts';

const sample = new URL('../samples/phone-with-aruco.jpg', import.meta.url).pathname;
const sizes = [
  [1280, 720],
  [4618, 2598],
  [9238, 5196],
] as const;
const ROUNDS = 5;

/** Seconds and peak memory of one child process, for the sample as it is and enlarged to 12 and 48 megapixels. */
export async function costOfMeasuring(): Promise<Section> {
  const folder = await mkdtemp(join(tmpdir(), 'doubletake-cost-'));
  const rows: string[][] = [];
  try {
    for (const [width, height] of sizes) {
      const path = join(folder, `${width}.jpg`);
      await sharp(sample).resize(width, height, { fit: 'fill' }).jpeg({ quality: 92 }).toFile(path);
      const pool = openChildPool<MeasurementTasks>({ modules: [measurementTasks], size: 1 });
      const seconds: number[] = [];
      for (let round = 0; round <= ROUNDS; round++) {
        const began = performance.now();
        await pool.run({
          task: 'measure',
          path,
          fileName: 'sample.jpg',
          options: measurementOptions.parse({}),
          limits: { pixels: 108_000_000 },
        });
        // The first one pays for OpenCV's start.
        if (round > 0) seconds.push((performance.now() - began) / 1000);
      }
      const peak = await peakOf(pool.pids()[0] as number);
      await pool.close();
      const megapixels = ((width * height) / 1e6).toFixed(1);
      rows.push([
        `${width} × ${height}`,
        megapixels,
        spread(seconds, 2),
        spread(
          seconds.map((s) => 1 / s),
          2,
        ),
        peak,
      ]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return {
    id: 'cost',
    title: 'What a photograph costs',
    says: `\`samples/phone-with-aruco.jpg\`, as it is and enlarged, ${ROUNDS} times in one warm child process: opened, measured, both images drawn. Peak resident memory as Linux tells it (\`VmHWM\`), Node.js and OpenCV included.`,
    head: ['pixels', 'megapixels', 'seconds', 'images per second', 'peak MiB'],
    rows,
  };
}

async function peakOf(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
  return kib ? (Number(kib) / 1024).toFixed(0) : '?';
}
