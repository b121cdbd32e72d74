import { defineEntity, p } from '@mikro-orm/postgresql';

/** What people are asked by one attempt of a job. The kind says what `ask` and `answer` hold. */
export const AssistRequestEntity = defineEntity({
  name: 'AssistRequest',
  tableName: 'assist_requests',
  properties: {
    job_id: p.uuid().primary(),
    attempt: p.integer().primary(),
    ask: p.json().$type<Record<string, unknown>>(),
    due_at: p.datetime(),
    reminded_at: p.datetime().nullable(),
    assignee: p.string().nullable(),
    created_at: p.datetime(),
    answered_by: p.string().nullable(),
    answered_at: p.datetime().nullable(),
    answer: p.json().$type<Record<string, unknown>>().nullable(),
  },
});
