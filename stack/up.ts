/** The embedded stack: everything the service needs, on a machine that has none of it. See `stack/start.mjs`. */
import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { identify, isRunning } from '../src/system/process-identity.ts';
import { readArguments } from './bootstrap/arguments.mjs';
import { step } from './bootstrap/progress.mjs';
import { analyseFile } from './embedded/analyse-file.ts';
import { type DataFolder, openDataFolder } from './embedded/data-folder.ts';
import { disownCopy } from './embedded/disown-copy.ts';
import { ignoredSettings, refuseSignIn } from './embedded/environment.ts';
import { usualPorts } from './embedded/kept-ports.ts';
import { type EmbeddedStack, type StackFile, startStack } from './embedded/stack.ts';
import { supervise } from './embedded/supervise.ts';
import { unfinishedJobs } from './embedded/unfinished-jobs.ts';
import { endLeftovers, killAll } from './processes/leftovers.ts';
import { holderOf, takeLock } from './processes/lock.ts';

const args = process.argv.slice(2);
const { file, options } = readArguments(args);
const stopping = new AbortController();
const data = dataFolder();
let stack: EmbeddedStack | undefined;
let leaving = 0;
/** Whether what runs on this data is ours to kill. */
let ours = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, leave);
stopWhenLauncherIsGone();

try {
  refuseSignIn();
  if (disownCopy(data)) {
    console.error(
      `${data.path} was copied from a stack that ran. This one is now apart from it; what was being written during the copy may be missing here. To begin empty, stop and remove the folder.`,
    );
  }
  const lock = takeLock(data.lock);
  process.exitCode = 'heldBy' in lock ? await useRunning(data) : await serve(data, lock.release);
} catch (error) {
  // That it was interrupted is no news to who interrupted it.
  if (!(stopping.signal.aborted && error instanceof Error && error.name === 'AbortError')) {
    console.error(`\n${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}

function dataFolder(): DataFolder {
  try {
    return openDataFolder();
  } catch (error) {
    console.error(`\n${(error as Error).message}`);
    process.exit(1);
  }
}

async function serve(data: DataFolder, release: () => void): Promise<number> {
  ours = true;
  try {
    const ended = await endLeftovers(data.pids);
    if (ended.length > 0) console.error(`Ended what an earlier start had left running: ${ended.join(', ')}.`);
    const ignored = ignoredSettings();
    if (ignored.length > 0)
      console.error(`Set here, but decided by "npm start" itself and not used: ${ignored.join(', ')}.`);
    rmSync(data.stackFile, { force: true });
    stack = await startStack(data, stopping.signal);
    const addresses = stack.announce();
    const up = supervise(stack, stopping.signal);
    up.catch(() => stopping.abort());
    for (const line of await unfinishedJobs(addresses.api_url)) console.error(line);
    if (file) await analyse(addresses.api_url);
    if (!stopping.signal.aborted) tell(addresses, `Ctrl-C stops it; the data stays in ${data.path}.`);
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
  const addresses = await step('Waiting until it is ready', async () => {
    for (;;) {
      if (!holder || !isRunning(holder)) throw new Error('It ended before it was ready. Start again.');
      const announced = readStackFile(stackFile);
      if (announced?.pids.supervisor === holder.pid) return announced;
      await wait(200, undefined, { signal: stopping.signal });
    }
  });
  const code = file ? await analyse(addresses.api_url) : 0;
  tell(addresses, 'It goes on; Ctrl-C where it was started stops it.');
  return code;
}

function readStackFile(path: string): StackFile | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function analyse(apiUrl: string): Promise<number> {
  return analyseFile(file as string, options, { apiUrl, signal: stopping.signal });
}

function tell({ api_url, temporal_ui_url }: StackFile, then: string): void {
  console.log(`
Doubletake   ${api_url}  (reference: ${api_url}/api/docs)
Temporal Web ${temporal_ui_url}
${[...moved(api_url, usualPorts.api), ...moved(temporal_ui_url, usualPorts.temporalUi), then].join('\n')}`);
}

/** Addresses of an earlier start, in a browser or in somebody's notes, lead elsewhere then. */
function moved(url: string, usual: number): string[] {
  return new URL(url).port === `${usual}`
    ? []
    : [
        `Port ${usual} was taken by another program, so it is ${url}, at later starts too. To go back to ${usual}, remove ${data.ports} while nothing runs.`,
      ];
}

/**
 * Once: stop in order. Twice: at once. A terminal sends Ctrl-C to us and to our launcher, which passes it on:
 * two signals within a second are one wish.
 */
function leave(): void {
  const again = stopping.signal.aborted && Date.now() - leaving > 1000;
  if (!stopping.signal.aborted) {
    leaving = Date.now();
    stopping.abort();
  }
  if (!again) return;
  if (ours) killAll(data.pids);
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
