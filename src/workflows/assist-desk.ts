import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineSignal,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import {
  type AcceptedAnswer,
  type AssistUpdate,
  assistRefusals,
  assistUpdateName,
} from '../domain/assist.ts';
import { withoutInternals } from '../domain/our-words.ts';
import { isDeleted, isSuperseded, reasonOf } from './job-outcome.ts';

/** An answer that was accepted, and whose. */
export interface PersonsAnswer<Answer> extends AcceptedAnswer {
  answer: Answer;
}

interface Taken<Answer> extends PersonsAnswer<Answer> {
  /** Null until it is known whether it could be written down. */
  outcome: 'kept' | ApplicationFailure | null;
}

/** Whom an operator has asked by name; the row is what counts, this is for those who look at the workflow. */
const assigned = defineSignal<[{ assignee: string | null }]>('assist-assigned');

/**
 * Where a workflow takes people's answers: the update `assist`. What can't be is refused by the validator, before the
 * history has anything of it; of answers at once the first is taken, and the others are told whose it was. Whoever gave it
 * hears that it counts when it is written down.
 *
 * To be opened before the workflow waits for anything, so that no answer comes too early to be refused in words.
 */
export function openAssistDesk<Frame, Answer>({
  attempt,
  refusalOf,
  onAssigned,
}: {
  /** Of the job: people may have read what an earlier one asked. */
  attempt: number;
  /** Null for what is an answer to such a question; it may be anything that somebody sent. */
  refusalOf(answer: unknown, frame: Frame): string | null;
  onAssigned(assignee: string | null): void;
}) {
  let asked: { question: number; frame: Frame } | null = null;
  let taken: Taken<Answer> | null = null;
  const update = defineUpdate<AcceptedAnswer, [{ answer: Answer; by: string }]>(assistUpdateName);

  function refuseUnlessOpen(): { question: number; frame: Frame } {
    if (taken) {
      const { by, at } = taken;
      throw refused(assistRefusals.answered, `${by} answered first, at ${at}; the job goes by that answer.`, {
        by,
        at,
      });
    }
    if (asked === null) throw refused(assistRefusals.notWaiting, 'The job waits for nobody’s answer now.');
    return asked;
  }

  function validator(given: { [part in keyof AssistUpdate]?: unknown } | undefined): void {
    const { question, frame } = refuseUnlessOpen();
    const to = { attempt: given?.attempt ?? attempt, question: given?.question ?? question };
    if (to.attempt !== attempt || to.question !== question) {
      const words = `That answers question ${to.question} of attempt ${to.attempt}; what is asked now is question ${question} of attempt ${attempt}.`;
      throw refused(assistRefusals.notWaiting, words);
    }
    const refusal =
      typeof given?.by === 'string' && given.by !== ''
        ? refusalOf(given.answer, frame)
        : 'by: whose answer is it?';
    if (refusal !== null) throw refused(assistRefusals.impossible, refusal);
  }

  setHandler(
    update,
    async ({ answer, by }) => {
      // Two that came with one task were both found right before either was taken. By which rules an answer was found
      // right is not asked here: this is played again for what is in the history, when the rules may be others.
      refuseUnlessOpen();
      const mine: Taken<Answer> = { answer, by, at: new Date().toISOString(), outcome: null };
      taken = mine;
      // Who is told that it counts can rely on it; a cancellation ends the job, not this.
      await CancellationScope.nonCancellable(() => condition(() => mine.outcome !== null));
      if (mine.outcome instanceof ApplicationFailure) throw mine.outcome;
      return { by, at: mine.at };
    },
    {
      validator,
      description: 'A person’s answer to what the job asks: {answer, by}, and for which {attempt, question}.',
    },
  );
  setHandler(assigned, ({ assignee }) => onAssigned(assignee), {
    description: 'Whom an operator has asked to answer.',
  });

  return {
    /** From now on answers are taken; those to an earlier question are done with. */
    open(question: number, frame: Frame): void {
      asked = { question, frame };
      taken = null;
    },
    close(): void {
      asked = null;
    },
    /** Whether one was taken before so many milliseconds had passed. */
    async answerWithin(ms?: number): Promise<boolean> {
      if (ms === undefined) await condition(() => taken !== null);
      else if (ms > 0) await condition(() => taken !== null, ms);
      return taken !== null;
    },
    /**
     * Writes down what was taken, once, and tells whoever gave it. One that cannot be written down is not taken.
     * @returns null when there is nothing to write down
     */
    async keep(write: (taken: PersonsAnswer<Answer>) => Promise<void>): Promise<AcceptedAnswer | null> {
      const mine = taken;
      if (!mine || mine.outcome !== null) return null;
      const { answer, by, at } = mine;
      try {
        await write({ answer, by, at });
        mine.outcome = 'kept';
        return { by, at };
      } catch (error) {
        mine.outcome = refusalFrom(error);
        taken = null;
        throw error;
      }
    },
  };
}

function refused(type: string, message: string, ...details: unknown[]): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true, details });
}

function refusalFrom(error: unknown): ApplicationFailure {
  const { type, message } = reasonOf(error);
  if (type === 'Conflict') return refused(assistRefusals.answered, message);
  if (isSuperseded(error) || isDeleted(error)) return refused(assistRefusals.notWaiting, message);
  return refused(assistRefusals.impossible, `It could not be written down. ${withoutInternals(message)}`);
}
