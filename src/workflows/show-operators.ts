import { defineSearchAttributeKey } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { asText } from '../domain/markdown.ts';
import { searchAttributes } from '../domain/search-attributes.ts';

const status = defineSearchAttributeKey(searchAttributes.status.name, searchAttributes.status.type);
const stage = defineSearchAttributeKey(searchAttributes.stage.name, searchAttributes.stage.type);

/** What operators filter by in Temporal's Web UI; the same words as in the job's row. */
export function showStatus(now: { status: string; stage: string }): void {
  upsertSearchAttributes([
    { key: status, value: now.status },
    { key: stage, value: now.stage },
  ]);
}

export interface Step {
  title: string;
  /** `waiting` until begun. */
  state: 'waiting' | 'working' | 'done' | 'done before';
  /** What came of it, or how far it is. */
  note?: string;
}

const marks = { waiting: '◻️', working: '⏳', done: '✅', 'done before': '☑️' } as const;

/** Markdown at the head of the workflow's page. */
export function showSteps(heading: string, steps: readonly Step[]): void {
  const lines = steps.map(({ title, state, note }) => {
    const words = state === 'done before' ? 'done by an earlier attempt' : note;
    return `- ${marks[state]} ${title}${words ? `: ${words}` : ''}`;
  });
  setCurrentDetails([`**${asText(heading)}**`, '', ...lines].join('\n'));
}

/** `[████████░░░░] 8 of 12` */
export function bar(done: number, total: number): string {
  const cells = 20;
  const full = total > 0 ? Math.round((cells * done) / total) : cells;
  return `\`${'█'.repeat(full)}${'░'.repeat(cells - full)}\` ${done} of ${total}`;
}
