/** The embedded stack: everything the service needs, on a machine that has none of it. See `stack/start.mjs`. */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { readArguments } from './bootstrap/arguments.mjs';
import { step } from './bootstrap/progress.mjs';
import { analyseFile } from './embedded/analyse-file.ts';
import { type DataFolder, openDataFolder } from './embedded/data-folder.ts';
import { type EmbeddedStack, type StackFile, startStack } from './embedded/stack.ts';
import { supervise } from './embedded/supervise.ts';
import { endLeftovers } from './processes/leftovers.ts';
import { holderOf, takeLock } from './processes/lock.ts';
import { identify, isRunning } from './processes/start-time.ts';

const args = process.argv.slice(2);
const { file, options } = readArguments(args);
const stopping = new AbortController();
const data = openDataFolder();
let stack: EmbeddedStack | undefined;
let leaving = 0;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void leave());
stopWhenLauncherIsGone();

try {
  const lock = takeLock(data.lock);
  process.exitCode = 'heldBy' in lock ? await useRunning(data) : await serve(data, lock.release);
} catch (error) {
  if (!stopping.signal.aborted) {
    console.error(`\n${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}

async function serve(data: DataFolder, release: () => void): Promise<number> {
  try {
    const ended = await endLeftovers(data.pids);
    if (ended.length > 0) console.error(`Ended what an earlier start had left running: ${ended.join(', ')}.`);
    stack = await startStack(data);
    if (stopping.signal.aborted) return 0;
    const addresses = stack.announce();
    const up = supervise(stack, stopping.signal);
    up.catch(() => stopping.abort());
    if (file) await analyse(addresses.api_url);
    if (!stopping.signal.aborted) tell(addresses, 'Ctrl-C stops it; the data stays in .doubletake.');
    await up;
    return 0;
  } finally {
    if (stack) await step('Stopping', () => (stack as EmbeddedStack).stop());
    release();
  }
}

/** A stack runs on this data already; two on the same would harm it. */
async function useRunning({ lock, stackFile }: DataFolder): Promise<number> {
  const holder = holderOf(lock);
  console.error(`A stack is running here already (pid ${holder?.pid}); using it.`);
  await step('Waiting until it is ready', async () => {
    while (!existsSync(stackFile)) {
      if (!holder || !isRunning(holder)) throw new Error('It ended before it was ready. Start again.');
      if (stopping.signal.aborted) throw new Error('Interrupted.');
      await wait(200);
    }
  });
  const addresses: StackFile = JSON.parse(readFileSync(stackFile, 'utf8'));
  const code = file ? await analyse(addresses.api_url) : 0;
  tell(addresses, 'It goes on; Ctrl-C where it was started stops it.');
  return code;
}

function analyse(apiUrl: string): Promise<number> {
  return analyseFile(file as string, options, { apiUrl, signal: stopping.signal });
}

function tell({ api_url, temporal_ui_url }: StackFile, then: string): void {
  console.log(`
Doubletake   ${api_url}  (reference: ${api_url}/api/docs)
Temporal Web ${temporal_ui_url}
${then}`);
}

/**
 * Once: stop in order. Twice: at once. A terminal sends Ctrl-C to us and to our launcher, which passes it on:
 * two signals within a second are one wish.
 */
async function leave(): Promise<void> {
  const again = stopping.signal.aborted && Date.now() - leaving > 1000;
  if (!stopping.signal.aborted) {
    leaving = Date.now();
    stopping.abort();
  }
  if (!again) return;
  await stack?.kill();
  process.exit(130);
}

/** `kill -9` of `npm start` must not leave the stack behind. */
function stopWhenLauncherIsGone(): void {
  const launcher = identify(Number(process.env.DOUBLETAKE_LAUNCHER_PID));
  if (!launcher) return;
  const watch = setInterval(() => {
    if (isRunning(launcher)) return;
    clearInterval(watch);
    stopping.abort();
  }, 500);
  watch.unref();
}
