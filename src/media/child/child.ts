import type { ChildProcess } from 'node:child_process';
import { ChildLost, type LossOfChild } from '../../domain/child-lost.ts';
import { forkChild } from './fork-child.ts';
import type { FromChild, ToChild } from './messages.ts';
import { processorTime } from './processor-time.ts';
import { residentBytes } from './resident-bytes.ts';
import type { RunLimits } from './run-limits.ts';
import { watchSilence } from './silence.ts';
import type { ModuleToServe } from './task-module.ts';
import { fromWire } from './wire-error.ts';

export interface ChildOptions {
  modules: readonly ModuleToServe[];
  /** What V8 may use for JavaScript's objects, MiB; native memory and buffers are not in it. */
  heapMb: number;
}

export interface Work {
  task: { task: string; fileName?: string };
  limits: Omit<RunLimits, 'tries'>;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: never) => void) | undefined;
}

type Loss = Omit<LossOfChild, 'task' | 'stderr'>;

const STDERR_KEPT = 2000;
/** Hostile bytes can fill a gigabyte within a second. */
const WATCH_MS = 250;
/** What V8 says before it aborts a process whose heap is full. */
const HEAP_FULL = 'JavaScript heap out of memory';

/** One warm child process, at one task at a time. */
export class Child {
  tasksDone = 0;
  /** Whether an end was ordered; the process may still be on its way out. */
  killed = false;
  readonly #process: ChildProcess;
  readonly #heapMb: number;
  #stderr = '';
  #heapFull = false;
  #end: { code: number | string | null; signal: string | null } | undefined;
  readonly exited: Promise<void>;

  constructor({ modules, heapMb }: ChildOptions) {
    this.#heapMb = heapMb;
    this.#process = forkChild(modules, heapMb);
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = keptOf(this.#stderr + text);
      this.#heapFull ||= text.includes(HEAP_FULL);
    });
    this.exited = new Promise((resolve) => {
      const end = (code: number | string | null, signal: string | null) => {
        this.#end ??= { code, signal };
        resolve();
      };
      // Unlike `exit`, `close` comes after all that the process wrote, so that the error has its last words.
      this.#process.once('close', end);
      this.#process.once('error', ({ message }) => end(message, null));
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get ended(): boolean {
    const { exitCode, signalCode } = this.#process;
    return this.#end !== undefined || exitCode !== null || signalCode !== null;
  }

  /** Resident memory, MiB; 0 where the system does not tell. */
  get residentMb(): number {
    return this.pid === undefined ? 0 : residentBytes(this.pid) / 2 ** 20;
  }

  /** SIGKILL: a decoder in a loop hears nothing else. */
  kill(): void {
    this.killed = true;
    this.#process.kill('SIGKILL');
  }

  /**
   * @throws ChildLost when the child dies, or is killed for exceeding a limit; the signal's reason when aborted;
   *   whatever the task threw, in its own class
   */
  run({ task, limits, signal, onProgress }: Work): Promise<unknown> {
    const child = this.#process;
    return new Promise((resolve, reject) => {
      const id = ++this.tasksDone;
      const began = performance.now();
      const silence = watchSilence(limits, () =>
        this.pid === undefined ? undefined : processorTime(this.pid),
      );
      if (!this.ended) this.#stderr = '';
      const settle = (act: () => void) => {
        clearInterval(watch);
        signal?.removeEventListener('abort', onAbort);
        child.off('message', onMessage).off('close', onEnd).off('error', onEnd);
        act();
      };
      const killFor = (error: unknown) => {
        this.kill();
        settle(() => reject(error));
      };
      const lose = (loss: Loss) => killFor(this.#lost(task.task, loss));
      const onAbort = () => killFor(signal?.reason);
      const onEnd = () => settle(() => reject(this.#lostByItself(task.task)));
      const onMessage = (message: FromChild) => {
        silence.heard();
        if (message.id !== id) return;
        if ('result' in message) settle(() => resolve(message.result));
        else if ('error' in message) settle(() => reject(fromWire(message.error, whatOf(task))));
        else if (message.progress !== undefined) onProgress?.(message.progress as never);
      };
      const watch = setInterval(() => {
        const { memoryMb, seconds } = limits;
        const silent = silence.lost();
        if (performance.now() - began > seconds * 1000) lose({ how: 'time', detail: seconds });
        else if (silent) lose(silent);
        else if (this.residentMb > memoryMb) lose({ how: 'memory', detail: memoryMb });
      }, WATCH_MS);
      if (signal?.aborted) return killFor(signal.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      child.on('message', onMessage).on('close', onEnd).on('error', onEnd);
      if (this.#end) return onEnd();
      try {
        // A child that cannot be reached is about to end, which tells more than this error.
        child.send({ id, task } satisfies ToChild, (error) => error && this.kill());
      } catch (error) {
        settle(() => reject(error));
      }
    });
  }

  #lostByItself(task: string): ChildLost {
    const { code, signal } = this.#end ?? { code: null, signal: null };
    if (this.#heapFull) return this.#lost(task, { how: 'memory', detail: this.#heapMb });
    return this.#lost(
      task,
      signal ? { how: 'signal', detail: signal } : { how: 'exit', detail: code ?? 'no exit code' },
    );
  }

  #lost(task: string, loss: Loss): ChildLost {
    return new ChildLost({ ...loss, task, stderr: this.#stderr.trim() });
  }
}

function whatOf({ task, fileName }: Work['task']): string {
  return fileName === undefined ? `The task "${task}"` : `The task "${task}" on ${fileName}`;
}

/** The first lines, whole: of half a line nobody could tell what was a secret. */
function keptOf(text: string): string {
  if (text.length <= STDERR_KEPT) return text;
  const end = text.lastIndexOf('\n', STDERR_KEPT);
  return end < 0 ? '(one long line)' : text.slice(0, end);
}
