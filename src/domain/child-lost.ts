import { DoubletakeError } from './errors.ts';

/**
 * How a child process was lost: it ended by itself (`exit`) or by a signal that is not the pool's, or the pool ended it
 * because it showed no sign of life, took too much memory, or worked for too long.
 */
export type HowLost = 'exit' | 'signal' | 'stalled' | 'memory' | 'time';

export interface LossOfChild {
  how: HowLost;
  /** Name of the task that the child was at. */
  task: string;
  /** The exit code or why it could not be started, the signal's name, or the limit in seconds or MiB. */
  detail: number | string;
  /** What the child wrote to its standard error, from the beginning; empty where it wrote nothing. */
  stderr: string;
}

/** A crashing library says first what went wrong; stack traces follow. */
const LINES_TOLD = 3;

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

  constructor({ how, task, detail, stderr }: LossOfChild) {
    const circumstances = circumstancesOf({ how, detail, stderr });
    super(`The child process at the task "${task}" was lost ${circumstances}.`);
    this.how = how;
    this.task = task;
    this.detail = detail;
    this.stderr = stderr;
  }

  /** `(killed by SIGABRT); it said: …`, for messages that name what the child was working on. */
  get circumstances(): string {
    return circumstancesOf(this);
  }
}

function circumstancesOf({ how, detail, stderr }: Omit<LossOfChild, 'task'>): string {
  const said = stderr.split('\n').slice(0, LINES_TOLD).join(' | ');
  return `(${wordsFor(how, detail)})${said ? `; it said: ${said}` : ''}`;
}

function wordsFor(how: HowLost, detail: number | string): string {
  switch (how) {
    case 'exit':
      return typeof detail === 'number' ? `exit code ${detail}` : detail;
    case 'signal':
      return `killed by ${detail}`;
    case 'stalled':
      return `no sign of life for ${detail} s`;
    case 'memory':
      return `more than ${detail} MiB of memory`;
    case 'time':
      return `more than ${detail} s at work`;
  }
}
