import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { isOpen } from '../../domain/phase.ts';
import { answerGiven, type GivenAnswer } from '../assist-answer.ts';
import type { Actions, CommandContext, Outcome } from '../command-context.ts';
import { command, commandName } from '../command-name.ts';
import { exitCodes } from '../exit-codes.ts';
import { UsageFailure } from '../failures.ts';
import { collect, tell } from '../job-result.ts';
import { type JobView, jobPath } from '../job-view.ts';
import { answerViews, viewOfKind } from '../kind-view.ts';
import { withPatience } from '../with-patience.ts';

interface AssistOptions extends GivenAnswer {
  assign?: string | false;
  wait: boolean;
}

/** `GET /api/jobs/{id}/assist`; what is used here. */
interface AssistView {
  kind: string;
  status: string;
  phase: string;
  state: { due_at: string; assignee: string | null; answered_by: string | null; answered_at: string | null };
  ask: {
    reasons: { message: string }[];
    earlier?: { at: string }[];
  };
  current: unknown;
}

const POLL_MS = 500;

export function assistCommand({ kinds, run }: Actions): Command {
  const answers = answerViews(kinds);
  const assist = new Command('assist')
    .description('show what a job asks a person, or answer it')
    .argument('<id>', 'the job');
  for (const option of answers.flatMap(({ options }) => options)) assist.addOption(option);
  const examples = answers.flatMap((view) => view.examples);
  return assist
    .option('--note <text>', 'kept with the answer')
    .option('--file <json>', 'the whole answer, as the API takes it')
    .option('--assign <user>', 'ask somebody by name instead; for operators')
    .option('--no-assign', 'ask nobody by name any more; for operators')
    .option('--no-wait', 'leave once the answer is accepted')
    .addHelpText(
      'after',
      `
Examples:
${['', ...examples].map((words) => `  ${commandName()} assist 5f0c…${words && ` ${words}`}`).join('\n')}`,
    )
    .action(run(askOrAnswer));
}

async function askOrAnswer(context: CommandContext, id: string, options: AssistOptions): Outcome {
  const { kinds, api, terminal, signal } = context;
  const { assign, wait, ...given } = options;
  const path = jobPath(id, '/assist');
  const answer = await answerGiven(kinds, given);
  if (assign !== undefined) {
    if (answer) throw new UsageFailure('Answer, or ask somebody else to: one of the two.');
    const assignee = assign === false ? null : assign;
    const state = await api().patch<AssistView['state']>(path, { assignee });
    terminal.document({ state });
    terminal.answer(assignee === null ? 'Nobody is asked by name any more.' : `${assignee} is asked.`);
    return undefined;
  }
  if (!answer) {
    const asked = await api().get<AssistView>(path, signal);
    terminal.document(asked);
    showQuestion(context, id, asked);
    return asked.phase === 'waiting' && !asked.state.answered_at ? exitCodes.needsAssist : undefined;
  }
  const accepted = await api().post<{ job: JobView; accepted_by: string; accepted_at: string }>(path, answer);
  terminal.note(`Accepted, ${accepted.accepted_at}, as the answer of ${accepted.accepted_by}.`);
  if (!wait) {
    terminal.document(accepted);
    return undefined;
  }
  const settled = await workedIn(context, id, accepted.accepted_at);
  return tell(kinds, terminal, api(), await collect(kinds, api(), settled, signal), undefined);
}

/** The job once the answer has led to its end, or to another question. */
async function workedIn({ api, terminal, signal }: CommandContext, id: string, at: string): Promise<JobView> {
  const patience = { onLost: () => terminal.note('The server does not answer just now.'), signal };
  for (;;) {
    const job = await withPatience(() => api().get<JobView>(jobPath(id), signal), patience);
    if (!isOpen(job.phase)) return job;
    const { ask } = await withPatience(() => api().get<AssistView>(jobPath(id, '/assist'), signal), patience);
    if (ask.earlier?.some((one) => one.at === at)) return job;
    await pause(POLL_MS, undefined, { signal });
  }
}

function showQuestion({ kinds, terminal }: CommandContext, id: string, asked: AssistView): void {
  const { kind, status, phase, state, ask } = asked;
  if (state.answered_at) {
    terminal.answer(`${state.answered_by} answered, at ${state.answered_at}. What came of it:`);
    viewOfKind(kinds, kind).show(terminal, asked.current);
    return;
  }
  if (phase !== 'waiting') {
    terminal.answer(`Job ${id} asked, and nobody answered. It waits no more: it is ${status}.`);
    return;
  }
  const who = state.assignee ?? 'whoever may';
  terminal.answer(`Job ${id} asks ${who}; an answer is hoped for until ${state.due_at}.`);
  for (const { message } of ask.reasons) terminal.answer(`  - ${message}`);
  const { answer } = viewOfKind(kinds, kind);
  answer?.show(terminal, asked);
  terminal.answer(`Answer with ${command(`assist ${id} ${answer?.hint ?? '--file …'}`)}.`);
}
