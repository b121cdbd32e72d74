import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Source } from './find.ts';

const run = promisify(execFile);

/** Builds a Go program from its module, as the go command fetches and verifies it (sum database). */
export function goInstall(module: string, howLong: string): Source {
  return {
    title: `building ${module} with Go (once; ${howLong})`,
    async fetch(target, folder, { env, signal }) {
      await checkGo(env);
      const options = {
        env: { ...env, ...goHome(folder, env), GOBIN: folder, CGO_ENABLED: '0' },
        maxBuffer: 1 << 26,
        signal,
        // On which the go command ends its compilers too.
        killSignal: 'SIGINT' as const,
      };
      try {
        await run('go', ['install', module], options);
      } catch (error) {
        const { stderr = '' } = error as { stderr?: string };
        throw new Error(`go install failed: ${stderr.trim().split('\n').slice(-5).join('\n    ')}`);
      }
      const built = join(folder, basename(module.split('@')[0] as string));
      if (built !== target) throw new Error(`go install made no ${target}`);
    },
  };
}

async function checkGo(env: NodeJS.ProcessEnv): Promise<void> {
  const version = await run('go', ['env', 'GOVERSION'], { env }).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
  if (!version) throw new Error('Go is not installed (no "go" on PATH)');
  const [major = 0, minor = 0] = version.replace(/^go/, '').split('.').map(Number);
  if (major === 1 && minor < 25) throw new Error(`Go 1.25 or newer is needed, this is ${version}`);
}

/** Go wants a home to write to; a user without one gets it for the length of the build. */
function goHome(folder: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (env.GOPATH || existsSync(env.HOME || homedir())) return {};
  return { GOPATH: join(folder, 'go'), GOCACHE: join(folder, 'go-cache'), GOFLAGS: '-modcacherw' };
}
