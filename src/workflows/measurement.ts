import type { MeasurementComputeActivities } from '../activities/measurement/measurement-activities.ts';
import type { WrittenMeasurement } from '../activities/measurement/written-measurement.ts';
import type { MeasurementOptions } from '../domain/kinds/measurement.ts';
import { asText } from '../domain/markdown.ts';
import type { JobWorkflowInput } from '../domain/workflow-input.ts';
import type { AssistAnswer } from '../kinds/measurement/answers/answer.ts';
import type { AssistFrame } from '../kinds/measurement/answers/question.ts';
import { refusalOfUnknown } from '../kinds/measurement/answers/refusal.ts';
import { computeActivities, interactivePriority } from './activity-classes.ts';
import { askPerson } from './ask-person.ts';
import { openAssistDesk } from './assist-desk.ts';
import type { JobOutcome } from './job-outcome.ts';
import { runJob } from './run-job.ts';
import { type Step, showSteps } from './show-operators.ts';

/** A photograph: measured by the machine and, where that is unsure or lacks something, put right by a person. */
export async function measurement(input: JobWorkflowInput<MeasurementOptions>): Promise<JobOutcome> {
  const { job_id, attempt, kind, session_id, file_name, options } = input;
  const photograph = { job_id, attempt, session_id, file_name, options };
  const { measurePhotograph } = computeActivities<MeasurementComputeActivities>(interactivePriority);

  const steps: Step[] = [];
  const show = () => showSteps(file_name, steps);
  const begin = (title: string, note?: string) => {
    steps.push({ title, state: 'working', ...(note && { note }) });
    show();
  };
  const note = (words: string, state: Step['state']) => {
    steps.push({ ...(steps.pop() as Step), note: words, state });
    show();
  };
  let asked = '';
  const desk = openAssistDesk<AssistFrame, AssistAnswer>({
    attempt,
    refusalOf: refusalOfUnknown,
    onAssigned(assignee) {
      if (asked) note(`${assignee === null ? 'anybody' : asText(assignee)} is asked, ${asked}`, 'working');
    },
  });

  return runJob(input, async (job) => {
    begin('Measure');
    let written: WrittenMeasurement = await measurePhotograph.executeWithOptions(
      { summary: 'find reference and objects, measure, draw' },
      [{ ...photograph, version: 1 }],
    );
    note(written.summary, 'done');

    while (written.reasons.length > 0) {
      const why = written.reasons.map(({ message }) => message).join(' ');
      begin('Ask a person', why);
      const { by } = await askPerson(desk, job, {
        ...{ job_id, attempt, kind, options, written, why },
        ...{ status: 'needs_assist', stage: 'ASSIST', next_stage: 'RECALCULATING' },
        within_hours: options.assist_within_hours,
        question: written.version,
        frame: written.frame,
        onAsked(dueAt) {
          asked = `an answer is hoped for until ${dueAt}. ${why}`;
          note(`anybody is asked, ${asked}`, 'working');
        },
        onReminded: () => note(`overdue, and reminded of; ${asked}`, 'working'),
      });
      asked = '';
      note(`${asText(by)} answered`, 'done');
      begin('Measure again');
      written = await measurePhotograph.executeWithOptions(
        { summary: 'measure again with what was put right' },
        [
          {
            ...photograph,
            version: written.version + 1,
            correction: { question: written.version, outcome: written.outcome },
          },
        ],
      );
      note(written.summary, 'done');
    }
    return written;
  });
}
