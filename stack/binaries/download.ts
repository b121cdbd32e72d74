import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Source } from './find.ts';

const run = promisify(execFile);

/** Fetches a `.tar.gz` and takes the program out of it. */
export function download(title: string, url: () => string): Source {
  return {
    title,
    async fetch(target, folder, { signal }) {
      const archive = join(folder, 'archive.tar.gz');
      writeFileSync(archive, await body(url(), signal));
      await run('tar', ['-xzf', archive, '-C', folder, '--strip-components=0']);
      const { stdout } = await run('find', [folder, '-name', basename(target), '-type', 'f']);
      const found = stdout.trim().split('\n')[0];
      if (!found) throw new Error(`the archive holds no ${basename(target)}`);
      if (found !== target) await run('mv', [found, target]);
    },
  };
}

/** A server that does not answer in 10 s is taken for unreachable; the transfer itself may take 10 minutes. */
async function body(url: string, stopping?: AbortSignal): Promise<Buffer> {
  const abort = new AbortController();
  const connecting = setTimeout(() => abort.abort(new Error('no answer within 10 s')), 10_000);
  const response = await fetch(url, {
    signal: AbortSignal.any([abort.signal, AbortSignal.timeout(600_000), ...(stopping ? [stopping] : [])]),
  }).catch((error) => {
    throw new Error(`${new URL(url).host} cannot be reached: ${error.cause?.message ?? error.message}`);
  });
  clearTimeout(connecting);
  if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
