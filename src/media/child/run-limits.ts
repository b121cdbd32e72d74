import type { SilenceLimits } from './silence.ts';

/** What one run of a task may cost. A child that exceeds a limit is killed. */
export interface RunLimits extends SilenceLimits {
  /** Resident memory of the child, MiB. It is looked at a few times a second, and only where the system tells it (Linux). */
  memoryMb: number;
  /** Duration of a try, from when a child takes it up. */
  seconds: number;
  /** How often a child may take the task up; the loss of a child uses up a try, a cancellation ends the run. */
  tries: number;
}

const usual: RunLimits = {
  memoryMb: 3072,
  seconds: Number.POSITIVE_INFINITY,
  stallSeconds: 60,
  silentSeconds: 600,
  tries: 1,
};

/** The limits that are given, and for the others those of `otherwise`. A limit that is `undefined` is not given. */
export function limitsOf(given: Partial<RunLimits> = {}, otherwise: RunLimits = usual): RunLimits {
  return {
    memoryMb: given.memoryMb ?? otherwise.memoryMb,
    seconds: given.seconds ?? otherwise.seconds,
    stallSeconds: given.stallSeconds ?? otherwise.stallSeconds,
    silentSeconds: given.silentSeconds ?? otherwise.silentSeconds,
    tries: given.tries ?? otherwise.tries,
  };
}
