import { type ChildProcess, fork } from 'node:child_process';
import { DecoderCrashed } from '../../domain/errors.ts';
import type { FromChild, ToChild } from './messages.ts';
import { residentBytes } from './resident-bytes.ts';
import { fromWire } from './wire-error.ts';

export interface ChildOptions {
  /** The module that calls `serveTasks`. */
  entry: URL;
  /** Its `process.argv` from 2 on: what it may get ready before its first task. */
  args: readonly string[];
  /** A task that says nothing for so long is taken for hung. */
  stallSeconds: number;
  /** Resident memory at which a child is killed. */
  memoryLimitMb: number;
}

export interface Work {
  task: { task: string; fileName: string };
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: never) => void) | undefined;
}

/** What a crashing library says first tells most; traces follow. */
const STDERR_KEPT = 2000;
const LINES_TOLD = 3;
const WATCH_MS = 1000;

/** Media parsers see hostile bytes: of the parent's environment they get what a process needs, no secrets. */
const inherited = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'LANG',
  'TZ',
  'SystemRoot',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
];

/**
 * Huge pages where the system leaves it to the program: models and pictures are megabytes each, and looking up their
 * small pages took about 3 % of the time. Other systems' C libraries do not know the variable.
 */
const forAll = { GLIBC_TUNABLES: process.env.GLIBC_TUNABLES ?? 'glibc.malloc.hugetlb=1' };

/** One warm child process, at one task at a time. */
export class Child {
  tasksDone = 0;
  /** Whether an end was ordered; the process may still be on its way out. */
  killed = false;
  readonly #process: ChildProcess;
  readonly #options: ChildOptions;
  #stderr = '';
  #ended = false;
  readonly exited: Promise<void>;

  constructor(options: ChildOptions) {
    this.#options = options;
    const env = Object.fromEntries(
      inherited.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
    );
    this.#process = fork(options.entry, options.args, {
      // Not the parent's flags: a debugger's port or a test runner's loader is not for the child.
      execArgv: ['--no-warnings', '--max-old-space-size=512'],
      env: { ...env, ...forAll },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(0, STDERR_KEPT);
    });
    this.exited = new Promise((resolve) => {
      const end = () => {
        this.#ended = true;
        resolve();
      };
      this.#process.once('exit', end);
      this.#process.once('error', end);
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** SIGKILL: a decoder in a loop hears nothing else. */
  kill(): void {
    this.killed = true;
    this.#process.kill('SIGKILL');
  }

  /**
   * @throws DecoderCrashed when the child dies, hangs or outgrows its memory; the signal's reason when
   *   aborted; whatever the task threw, in its own class
   */
  run(work: Work): Promise<unknown> {
    const { task, signal, onProgress } = work;
    const child = this.#process;
    return new Promise((resolve, reject) => {
      const id = ++this.tasksDone;
      let heard = performance.now();
      this.#stderr = '';
      const settle = (act: () => void) => {
        clearInterval(watch);
        signal?.removeEventListener('abort', onAbort);
        child.off('message', onMessage).off('exit', onExit).off('error', onError);
        act();
      };
      const killFor = (error: unknown) => {
        this.kill();
        settle(() => reject(error));
      };
      const onAbort = () => killFor(signal?.reason);
      const onExit = (code: number | null, killedBy: string | null) =>
        settle(() =>
          reject(this.#crashed(task.fileName, killedBy ? `killed by ${killedBy}` : `exit code ${code}`)),
        );
      const onError = (error: Error) => settle(() => reject(this.#crashed(task.fileName, error.message)));
      const onMessage = (message: FromChild) => {
        heard = performance.now();
        if (message.id !== id) return;
        if ('result' in message) settle(() => resolve(message.result));
        else if ('error' in message) settle(() => reject(fromWire(message.error, task.fileName)));
        else if (message.progress !== undefined) onProgress?.(message.progress as never);
      };
      const watch = setInterval(() => {
        const { stallSeconds, memoryLimitMb } = this.#options;
        if (performance.now() - heard > stallSeconds * 1000) {
          killFor(this.#crashed(task.fileName, `no sign of life for ${stallSeconds} s`));
        } else if (child.pid !== undefined && residentBytes(child.pid) > memoryLimitMb * 2 ** 20) {
          killFor(this.#crashed(task.fileName, `more than ${memoryLimitMb} MiB of memory`));
        }
      }, WATCH_MS);
      if (signal?.aborted) return killFor(signal.reason);
      if (this.#ended) return settle(() => reject(this.#crashed(task.fileName, 'it had ended before')));
      signal?.addEventListener('abort', onAbort, { once: true });
      child.on('message', onMessage).on('exit', onExit).on('error', onError);
      child.send({ id, task } satisfies ToChild, (error) => error && onError(error));
    });
  }

  #crashed(fileName: string, how: string): DecoderCrashed {
    const said = this.#stderr.trim().split('\n').slice(0, LINES_TOLD).join(' | ');
    return new DecoderCrashed(
      `The process that was looking at ${fileName} was lost (${how})${said ? `; it said: ${said}` : ''}. ` +
        'If it happens again, the file itself is the likely cause: export it anew and upload that.',
    );
  }
}
