import { spawn } from 'node:child_process';

const passedOn = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Runs a program in our place: same terminal, signals passed on, and its exit code becomes ours. It learns our pid,
 * so that it can stop when we are gone.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} the exit code
 */
export function handOver(command, args, env = process.env) {
  const child = spawn(command, args, {
    stdio: 'inherit',
    env: { ...env, DOUBLETAKE_LAUNCHER_PID: String(process.pid) },
  });
  let told = false;
  for (const signal of passedOn) {
    process.on(signal, () => {
      told = true;
      // Ctrl-C reaches everything in front of the terminal by itself; told twice, a program leaves at once.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  const watch = watchNpm(() => {
    // npm may also be gone because it passed the signal on and did not wait.
    if (!told) child.kill('SIGTERM');
  });
  return new Promise((settle, fail) => {
    child.once('error', fail);
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      settle(
        code ??
          (signal ? 128 + ({ SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[/** @type {string} */ (signal)] ?? 1) : 1),
      );
    });
  });
}

/**
 * npm passes signals to the shell it runs us by, and some shells die of them without telling us. So when the one
 * who started us is gone, we stop.
 *
 * @param {() => void} gone
 */
function watchNpm(gone) {
  const parent = process.ppid;
  if (!process.env.npm_lifecycle_event) return undefined;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    gone();
  }, 500);
  watch.unref();
  return watch;
}
