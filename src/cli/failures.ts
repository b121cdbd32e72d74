import { type ExitCode, exitCodes } from './exit-codes.ts';

/** Ends the command with one line for the user and a code for the shell. */
export class CliFailure extends Error {
  readonly exitCode: ExitCode;
  /** Stable word for `--json`. */
  readonly type: string;
  constructor(type: string, exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CliFailure';
    this.type = type;
    this.exitCode = exitCode;
  }
}

export class UsageFailure extends CliFailure {
  constructor(message: string, options?: ErrorOptions) {
    super('Usage', exitCodes.usage, message, options);
  }
}

export class ServerUnreachable extends CliFailure {
  constructor(message: string, options?: ErrorOptions) {
    super('ServerUnreachable', exitCodes.unreachable, message, options);
  }
}

export class Interrupted extends CliFailure {
  constructor(message: string) {
    super('Interrupted', exitCodes.interrupted, message);
  }
}

/** RFC 9457; our server always fills `detail`. */
export interface Problem {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
}

/** The server answered and said no. Its `detail` is written for people and shown as it is. */
export class ServerRefused extends CliFailure {
  readonly status: number;
  readonly problem: Problem;
  constructor(status: number, problem: Problem) {
    const message = problem.detail ?? problem.title ?? `The server answered ${status} without saying why.`;
    super('ServerRefused', exitCodeOf(status), message);
    this.status = status;
    this.problem = problem;
  }
}

function exitCodeOf(status: number): ExitCode {
  if (status === 502 || status === 503 || status === 504) return exitCodes.unreachable;
  return status >= 500 ? exitCodes.failed : exitCodes.usage;
}
