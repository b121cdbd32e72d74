/** `npm run chaos`: kills the processes of a service while people use it, and then counts what was lost. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { kinds } from '../src/domain/kinds/index.ts';
import { processesOf } from '../stack/processes/processes-of.ts';
import { startWholeService, type WholeService } from '../test/support/whole-service.ts';
import { chaosInputs } from './inputs/index.ts';
import { checkInvariants, type Invariant } from './invariants.ts';
import { Kills } from './kills.ts';
import { drawSchedule, type Schedule, workers } from './schedule.ts';
import { type KindInput, Users } from './users.ts';

/** How long jobs may take once nothing is killed any more. */
const patienceMs = 300_000;

const settings = {
  DOUBLETAKE_AUTH: 'off',
  DOUBLETAKE_LOG_LEVEL: 'warn',
  // What was ended from outside is to be found while the run waits for it.
  DOUBLETAKE_RECONCILE_SECONDS: '5',
  // Several segments even of short clips, so that a kill finds some of them done.
  DOUBLETAKE_SEGMENT_FRAMES: '60',
};

const { minutes, seed } = new Command('chaos')
  .description(
    'Starts Doubletake with two workers, submits jobs of every kind, kills each part once and then one every 5 to 20 s, and checks that nothing was lost.',
  )
  .option('--minutes <n>', 'how long processes are killed', numberIn(0.2, 600), 8)
  .option('--seed <n>', 'the same seed kills and submits the same at the same times', wholeNumber, 1)
  .parse()
  .opts<{ minutes: number; seed: number }>();

const say = (line: string) => process.stderr.write(`${line}\n`);
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());

const folder = mkdtempSync(join(tmpdir(), 'doubletake-chaos-'));
// Where we are root, PostgreSQL's user passes through the one and writes into the other.
chmodSync(folder, 0o711);
// All that is started inherits it, child processes of workers too, and is known by it.
process.env.TMPDIR = join(folder, 'tmp');
mkdirSync(process.env.TMPDIR);
chmodSync(process.env.TMPDIR, 0o1777);
try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  if (!interrupted.signal.aborted) throw error;
  process.exitCode = 130;
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

async function run(): Promise<boolean> {
  const inputs = await allInputs();
  const schedule = drawSchedule(seed, minutes, inputs.length);
  say(
    `Seed ${seed}, ${minutes} minutes: ${schedule.submissions.length} jobs of ${inputs.length} inputs, ${schedule.kills.length} kills.`,
  );
  const service = await startWholeService(folder, { workers, environment: settings });
  // Where the AWS SDK looks for S3.
  Object.assign(process.env, service.environment);
  let invariants: Invariant[];
  try {
    invariants = await disturb(service, schedule, inputs);
  } finally {
    await service.stop();
  }
  invariants.push({ name: 'left running', broken: await leftRunning() });
  return report(invariants, schedule);
}

/** Processes that nobody ended; one that is just about to end by itself is given a moment. */
async function leftRunning(): Promise<string[]> {
  for (let looks = 20; processesOf(folder).length > 0 && looks > 0; looks--) await sleep(250);
  return processesOf(folder).map(({ pid, command }) => `process ${pid}: ${command}`);
}

async function allInputs(): Promise<KindInput[]> {
  const missing = kinds.all.filter(({ kind }) => !chaosInputs[kind]).map(({ kind }) => kind);
  if (missing.length > 0)
    throw new Error(`chaos/inputs/index.ts has nothing to send for ${missing.join(', ')}.`);
  const each = Object.entries(chaosInputs).map(async ([kind, inputs]) =>
    (await inputs()).map((input) => ({ ...input, kind })),
  );
  return (await Promise.all(each)).flat();
}

async function disturb(
  service: WholeService,
  { kills, submissions }: Schedule,
  inputs: readonly KindInput[],
): Promise<Invariant[]> {
  const patience = new AbortController();
  const users = new Users(service.apiUrl, AbortSignal.any([patience.signal, interrupted.signal]));
  const parts = new Kills(service);
  const began = Date.now();
  const at = (ms: number) =>
    sleep(Math.max(0, began + ms - Date.now()), undefined, { signal: interrupted.signal });
  const submitting = async () => {
    for (const submission of submissions) {
      await at(submission.at);
      users.submit(inputs[submission.input] as KindInput, submission);
    }
  };
  const killing = async () => {
    for (const kill of kills) {
      await at(kill.at);
      say(`${(kill.at / 1000).toFixed(0).padStart(4)} s  ${await parts.kill(kill)}`);
    }
  };
  await Promise.all([submitting(), killing()]);
  await parts.allUp();
  say('Nothing is killed any more; waiting for the jobs to end.');
  const giveUp = setTimeout(() => patience.abort(), patienceMs);
  await users.done();
  clearTimeout(giveUp);
  interrupted.signal.throwIfAborted();
  return checkInvariants(service.environment, service.apiUrl(), users.requests);
}

function report(invariants: readonly Invariant[], { kills, submissions }: Schedule): boolean {
  const broken = invariants.filter(({ broken }) => broken.length > 0);
  for (const { name, broken: cases } of broken) {
    console.log(`${name}:`);
    for (const one of cases.slice(0, 20)) console.log(`  ${one}`);
    if (cases.length > 20) console.log(`  and ${cases.length - 20} more`);
  }
  const width = Math.max(...invariants.map(({ name }) => name.length));
  console.log(
    `\n${submissions.length} jobs, ${kills.length} kills, seed ${seed}, ${minutes} minutes of killing\n`,
  );
  for (const { name, broken: cases } of invariants)
    console.log(`${name.padEnd(width)}  ${String(cases.length).padStart(4)}`);
  return broken.length === 0;
}

function numberIn(from: number, to: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!(value >= from && value <= to))
      throw new InvalidArgumentError(`Give a number from ${from} to ${to}.`);
    return value;
  };
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || Math.abs(value) > 2 ** 31)
    throw new InvalidArgumentError('Give a whole number.');
  return value;
}
