import { CancellationScope } from '@temporalio/workflow';
import type { AskedPerson } from '../activities/assist/ask-person.ts';
import type { AcceptedAnswer } from '../domain/assist.ts';
import { promises, records } from './activity-classes.ts';
import type { openAssistDesk } from './assist-desk.ts';
import type { JobUnderWay } from './follow-job.ts';

export interface Question<Frame> extends AskedPerson {
  frame: Frame;
  /** The stage in which the answer is worked in. */
  next_stage: string;
  /** Told once people can read the question. */
  onAsked(dueAt: string): void;
  onReminded(): void;
}

/**
 * Asks people and waits for an answer: days if need be, holding nothing but a timer on Temporal's side. Once it is overdue
 * the job reminds, and goes on waiting. The answer is written down before anything is made of it; one that is there already,
 * for a workflow that was reset, counts.
 * @returns whose answer it is; what it is, is in the database
 */
export async function askPerson<Frame, Answer extends object>(
  desk: ReturnType<typeof openAssistDesk<Frame, Answer>>,
  job: JobUnderWay,
  question: Question<Frame>,
): Promise<AcceptedAnswer> {
  const { frame, next_stage, onAsked, onReminded, ...asked } = question;
  const { job_id, attempt, status, stage } = asked;
  const goOn = async (answered: AcceptedAnswer): Promise<AcceptedAnswer> => {
    await job.enter(next_stage, `${answered.by} answered`, 50);
    return answered;
  };
  // Whoever reads the question can answer it, also before we hear that it can be read.
  desk.open(frame);
  try {
    const { due_at, answered } = await promises.askPerson.executeWithOptions({ summary: 'ask a person' }, [
      asked,
    ]);
    job.isNow({ status, stage });
    if (answered) return await goOn(answered);
    onAsked(due_at);
    let taken = await desk.answerWithin(Date.parse(due_at) - Date.now());
    if (!taken) {
      await records.remindOfAnswer.executeWithOptions({ summary: 'the answer is overdue: remind, once' }, [
        { job_id, attempt, due_at },
      ]);
      onReminded();
      taken = await desk.answerWithin();
    }
    if (!taken) throw new Error('The wait for an answer ended without one.');
    const { answer, by, at } = taken;
    // Accepted is accepted, also when a cancellation comes just now.
    await CancellationScope.nonCancellable(() =>
      records.recordAnswer.executeWithOptions({ summary: 'what was answered, by whom and when' }, [
        { job_id, attempt, answer, by, at },
      ]),
    );
    return await goOn({ by, at });
  } finally {
    desk.close();
  }
}
