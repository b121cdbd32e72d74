import { DoubletakeError } from './errors.ts';

/**
 * How a child process was lost: it ended by itself (`exit`) or by a signal that is not the pool's, or the pool ended it
 * because it gave no sign of life though it could have (`stalled`), was given too little of the machine to give one
 * (`starved`), took too much memory, or worked for too long.
 */
export type HowLost = 'exit' | 'signal' | 'stalled' | 'starved' | 'memory' | 'time';

export interface LossOfChild {
  how: HowLost;
  /** Name of the task that the child was at. */
  task: string;
  /** The exit code or why it could not be started, the signal's name, or the limit in seconds or MiB. */
  detail: number | string;
  /** What the child wrote to its standard error, from the beginning; empty where it wrote nothing. For the log only. */
  stderr: string;
  /** Of a child that was silent, seconds at work on a core and seconds waiting for one, where the system tells. */
  processor?: { used: number; waited?: number };
}

/**
 * The child process of a task was lost, in the last of the tries that the run allowed. Callers act on `how`: the task's
 * kind knows what a loss means for its file, and what the user can do.
 */
export class ChildLost extends DoubletakeError implements LossOfChild {
  readonly type = 'ChildLost';
  readonly how: HowLost;
  readonly task: string;
  readonly detail: number | string;
  readonly stderr: string;
  readonly processor?: { used: number; waited?: number };

  constructor({ how, task, detail, stderr, processor }: LossOfChild) {
    super(`The child process at the task "${task}" was lost (${wordsFor(how, detail)}).`);
    this.how = how;
    this.task = task;
    this.detail = detail;
    this.stderr = stderr;
    if (processor) this.processor = processor;
  }

  /** `killed by SIGABRT`, for messages that name what the child was working on. */
  get circumstances(): string {
    return wordsFor(this.how, this.detail);
  }
}

function wordsFor(how: HowLost, detail: number | string): string {
  switch (how) {
    case 'exit':
      return typeof detail === 'number' ? `exit code ${detail}` : 'it could not be started';
    case 'signal':
      return `killed by ${detail}`;
    case 'stalled':
      return `no sign of life in ${detail} s`;
    case 'starved':
      return `no sign of life for ${detail} s, in which it was given next to no computing time`;
    case 'memory':
      return `more than ${detail} MiB of memory`;
    case 'time':
      return `more than ${detail} s at work`;
  }
}
