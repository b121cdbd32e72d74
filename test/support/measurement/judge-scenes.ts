import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Judged, judgeScene } from './judge-scene.ts';

/**
 * Scenes `from` to `to`, judged in processes of their own: many times as fast as inside a test runner, which looks
 * up every global anew, and as many at once as told.
 */
export async function judgeScenes(from: number, to: number, processes: number): Promise<Judged[]> {
  const run = promisify(execFile);
  const size = Math.ceil((to - from) / processes);
  const parts = await Promise.all(
    Array.from({ length: processes }, async (_, i) => {
      const range = [from + i * size, Math.min(to, from + (i + 1) * size)].map(String);
      const { stdout } = await run(process.execPath, ['--no-warnings', import.meta.filename, ...range], {
        maxBuffer: 2 ** 28,
      });
      return JSON.parse(stdout) as Judged[];
    }),
  );
  return parts.flat();
}

if (process.argv[1] === import.meta.filename) {
  const [from, to] = process.argv.slice(2).map(Number) as [number, number];
  const judged: Judged[] = [];
  for (let seed = from; seed < to; seed++) judged.push(await judgeScene(seed));
  process.stdout.write(JSON.stringify(judged), () => process.exit(0));
}
