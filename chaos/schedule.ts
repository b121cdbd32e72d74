import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** What can be killed. `child` is a child process of a worker that looks at a file. */
export const parts = ['api', 'worker-0', 'worker-1', 'child', 'postgres', 'temporal', 's3'] as const;
export type Part = (typeof parts)[number];

/** How many workers there are. */
export const workers = 2;

/** All times in milliseconds from the beginning of the run. */
export interface Kill {
  at: number;
  part: Part;
  /** How long it stays away before it is started again; a child process is replaced by its worker. */
  awayMs: number;
  /** Which one, where there are several. */
  child: ChildChoice;
}

/** Of the children that there are at that time: of which worker, if it has any, and which of them. */
export interface ChildChoice {
  /** Index of the worker. */
  worker: number;
  /** From 0 for the first to just under 1 for the last. */
  nth: number;
}

export interface Submission {
  at: number;
  /** Index into the inputs of the run. */
  input: number;
  /** How long after the submission its user cancels it; most never do. */
  cancelAfterMs?: number;
}

export interface Schedule {
  kills: readonly Kill[];
  submissions: readonly Submission[];
}

/** Each part is killed once, soon one after the other, so that a short run has killed them all; then any, and more rarely. */
const betweenFirstKills = { from: 3_000, to: 5_000 };
const betweenKills = { from: 5_000, to: 20_000 };
const away = { from: 0, to: 4_000 };
/** Some 300 jobs in eight minutes. */
const betweenSubmissions = { from: 400, to: 2_800 };
const cancelled = { share: 0.08, from: 0, to: 4_000 };

/**
 * What a seed stands for: the same kills and submissions at the same times, each time. What the processes are doing
 * at those times is the machine's affair.
 */
export function drawSchedule(seed: number, minutes: number, inputs: number): Schedule {
  // Two sequences, so that the kills of a seed stay the same when a kind is added.
  const killing = xoroshiro128plus(seed);
  const submitting = killing.clone();
  submitting.jump();
  const end = minutes * 60_000;

  const kills: Kill[] = [];
  const unkilled: Part[] = [...parts];
  for (let at = 0; ; ) {
    const { from, to } = unkilled.length > 0 ? betweenFirstKills : betweenKills;
    at += uniformInt(killing, from, to);
    if (at >= end) break;
    const among = unkilled.length > 0 ? unkilled : parts;
    const part = among[uniformInt(killing, 0, among.length - 1)] as Part;
    if (unkilled.length > 0) unkilled.splice(unkilled.indexOf(part), 1);
    const awayMs = uniformInt(killing, away.from, away.to);
    const child = { worker: uniformInt(killing, 0, workers - 1), nth: uniformFloat64(killing) };
    kills.push({ at, part, awayMs, child });
  }

  const submissions: Submission[] = [];
  const nextSubmission = () => uniformInt(submitting, betweenSubmissions.from, betweenSubmissions.to);
  for (let at = 0; at < end; at += nextSubmission()) {
    // The first ones are one of each, so that a short run has seen every kind.
    const input = submissions.length < inputs ? submissions.length : uniformInt(submitting, 0, inputs - 1);
    const isCancelled = uniformFloat64(submitting) < cancelled.share;
    const cancelAfterMs = uniformInt(submitting, cancelled.from, cancelled.to);
    submissions.push({ at, input, ...(isCancelled && { cancelAfterMs }) });
  }
  return { kills, submissions };
}
