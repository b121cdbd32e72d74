import { z } from 'zod';
import type { AssistRequest } from '../../database/assist/find-assist.ts';
import { storableText } from '../../domain/storable-text.ts';
import { instant, iso, isoOrNull } from './answers.ts';
import { job } from './job.ts';

const answerShape = z.record(z.string(), z.unknown()).describe('As it was given.');

/** Which of a job's questions: read with the question, and said with the answer by whoever can. */
export const whichQuestion = {
  attempt: z.int().min(1).describe('Of the job; a retry makes the next.'),
  question: z
    .int()
    .min(1)
    .describe('1 for what the attempt asked first; another follows where an answer left something open.'),
};

/** Where a question to people stands; without what is asked. */
export const assistState = z
  .object({
    ...whichQuestion,
    asked_at: instant,
    due_at: instant.describe('Until when an answer is hoped for; the job waits on after it.'),
    reminded_at: instant.nullable(),
    assignee: z
      .string()
      .nullable()
      .describe('Who was asked by name, and may read the job; null: whoever may.'),
    answered_by: z.string().nullable(),
    answered_at: instant.nullable(),
    answer: answerShape.nullable(),
  })
  .meta({ id: 'AssistState' });

export const assistView = z
  .object({
    job_id: z.uuid(),
    kind: z.string(),
    status: z.string(),
    phase: z.string().describe('`waiting` while an answer is taken.'),
    state: assistState,
    ask: z
      .looseObject({ reasons: z.array(z.looseObject({ code: z.string(), message: z.string() })) })
      .describe('What is asked, as the kind defines it; points are pixels of the upright image.'),
    current: z
      .record(z.string(), z.unknown())
      .describe('What is known so far, with the images to draw on: as `links.analysis` of the job gives it.'),
  })
  .meta({ id: 'Assist' });

export const acceptedAnswer = z
  .object({ job, accepted_by: z.string(), accepted_at: instant })
  .meta({ id: 'AcceptedAnswer' });

export const assignment = z.strictObject({
  assignee: storableText().min(1).max(255).nullable().describe('A user’s id; null: whoever may.'),
});

export function stateOfAssist(row: AssistRequest): z.infer<typeof assistState> {
  return {
    attempt: row.attempt,
    question: row.question,
    asked_at: iso(row.created_at),
    due_at: iso(row.due_at),
    reminded_at: isoOrNull(row.reminded_at),
    assignee: row.assignee,
    answered_by: row.answered_by,
    answered_at: isoOrNull(row.answered_at),
    answer: row.answer,
  };
}
