import { isDeepStrictEqual } from 'node:util';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { assignAssist } from '../../../database/assist/assign-assist.ts';
import { type AnswerGiven, answersTo, findAssist } from '../../../database/assist/find-assist.ts';
import { Conflict, InvalidRequest, TemporalUnavailable } from '../../../domain/errors.ts';
import type { Job } from '../../../domain/job.ts';
import { capitalized } from '../../../domain/kind-words.ts';
import { findReadableJob } from '../../access/find-readable-job.ts';
import { userOf } from '../../access/user.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { jobViewer } from '../../job-view.ts';
import type { KindApis } from '../../kind-api.ts';
import { notFound } from '../../not-found.ts';
import {
  acceptedAnswer,
  assignment,
  assistState,
  assistView,
  stateOfAssist,
  whichQuestion,
} from '../../schemas/assist.ts';
import { jobId } from '../../schemas/job.ts';
import { oneOfNamed } from '../../schemas/named.ts';
import { problemOf } from '../../schemas/problem.ts';

const tags = ['jobs'];
const noJob = problemOf('No such job of yours.');

const toWhich = z.object(whichQuestion).partial();

/** Checked by `answerFor`, which knows the job's kind. */
const anyAnswer = (kindApis: KindApis) =>
  oneOfNamed(
    z.looseObject(toWhich.shape),
    'As the job’s kind wants it.',
    Object.entries(kindApis).flatMap(([kind, { question }]) =>
      question ? [[`${capitalized(kind)}Answer`, question.answer] as const] : [],
    ),
  );

/** What a job asks people, and their answers. The workflow decides which answer counts. */
export const assist: FastifyPluginAsyncZod<ApiDependencies> = async (api, dependencies) => {
  const { database, kindApis } = dependencies;
  const view = jobViewer(dependencies);

  async function readable(request: FastifyRequest, id: string): Promise<Job> {
    const row = await findReadableJob(database, request, id);
    if (!row) throw notFound('job', id);
    return row;
  }

  api.get(
    '/api/jobs/:id/assist',
    {
      config: { access: 'user' },
      schema: {
        tags,
        summary: 'What a job asks people, with what is needed to answer',
        params: jobId,
        response: { 200: assistView, 404: problemOf('No such job of yours, or it never asked anybody.') },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const row = await readable(request, id);
      const asked = await findAssist(database, row);
      const current = await kindApis[row.kind]?.question?.current(row, dependencies);
      if (!asked || !current) throw notFound('question of job', id);
      reply.header('cache-control', 'private, no-store');
      const ask = asked.ask as z.infer<typeof assistView>['ask'];
      return {
        ...{ job_id: id, kind: row.kind, status: row.status, phase: row.phase, state: stateOfAssist(asked) },
        ask,
        current,
      };
    },
  );

  api.post(
    '/api/jobs/:id/assist',
    {
      config: { access: 'user' },
      schema: {
        tags,
        summary: 'Answer what a job asks',
        description:
          'The first possible answer counts. Sent again, because the reply was lost, the same answer of the same person is answered as it was. With `attempt` and `question`, as they were read, it counts for that question only; without them for what is asked now. For the owner, operators, and whom one has asked.',
        params: jobId,
        body: anyAnswer(kindApis),
        response: {
          200: acceptedAnswer.describe('Accepted and kept; the job goes on.'),
          404: noJob,
          409: problemOf(
            'It waits for nobody’s answer, or somebody answered first: `detail` says who and when.',
          ),
          422: problemOf('It cannot be so: `detail` says why.'),
          503: problemOf('Nobody is there to take the answer. Send it again: the same answer counts once.'),
        },
      },
    },
    async (request) => {
      const { id } = request.params;
      const by = userOf(request).id;
      const row = await readable(request, id);
      const asked = await findAssist(database, row);
      const { attempt = row.attempt, question = asked?.question, ...body } = request.body;
      const given = answerFor(kindApis, row, body);
      const answered = asked && attempt === row.attempt && question ? answersTo(asked)[question - 1] : null;
      if (answered) {
        const { answer, by: who, at } = answered;
        if (who !== by || !isDeepStrictEqual(answer, given)) throw answeredFirst(id, answered);
        return { job: view(row), accepted_by: by, accepted_at: at.toISOString() };
      }
      if (row.phase !== 'waiting' || !asked) {
        throw new Conflict(`Job ${id} waits for nobody's answer: it is ${row.status}.`);
      }
      if (attempt !== row.attempt || question !== asked.question) {
        throw new Conflict(
          `That answers question ${question} of attempt ${attempt}; job ${id} asks question ${asked.question} of attempt ${row.attempt}. Read it first.`,
        );
      }
      const refusal = kindApis[row.kind]?.question?.refusalOf(given, asked.ask);
      if (refusal) throw new InvalidRequest(refusal, fieldOf(refusal));
      const accepted = await dependencies.assist.deliver(row, { answer: given, by }, asked.question);
      const now = (await findReadableJob(database, request, id)) ?? row;
      return { job: view(now), accepted_by: accepted.by, accepted_at: accepted.at };
    },
  );

  api.patch(
    '/api/jobs/:id/assist',
    {
      config: { access: 'operator' },
      schema: {
        tags,
        summary: 'Ask somebody by name to answer',
        description:
          'They may then read the job and answer it; the others who may, still may. `null` takes it back, also after the answer.',
        params: jobId,
        body: assignment,
        response: {
          200: assistState,
          404: problemOf('No such job.'),
          409: problemOf('It waits for nobody’s answer; for `null`: it never asked anybody.'),
        },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { assignee } = request.body;
      const row = await readable(request, id);
      const asked = await assignAssist(database, id, assignee);
      if (row.phase !== 'waiting') return stateOfAssist(asked);
      try {
        await dependencies.assist.assigned(row, assignee);
      } catch (error) {
        if (!(error instanceof TemporalUnavailable)) throw error;
        request.log.warn({ err: error, job_id: id }, 'The workflow shows another assignee than its row');
      }
      return stateOfAssist(asked);
    },
  );
};

/** @throws InvalidRequest, Conflict */
function answerFor(kindApis: KindApis, { job_id, kind, status }: Job, body: object): object {
  const question = kindApis[kind]?.question;
  if (!question) throw new Conflict(`Job ${job_id} waits for nobody's answer: it is ${status}.`);
  const parsed = question.answer.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') || 'answer';
  throw new InvalidRequest(`${field}: ${issue?.message ?? 'is not valid'}`, field);
}

/** A refusal of a part of the answer begins with the part's name. */
function fieldOf(refusal: string): string {
  return /^(\w+): /.exec(refusal)?.[1] ?? 'answer';
}

function answeredFirst(id: string, { by, at }: AnswerGiven): Conflict {
  return new Conflict(
    `${by} answered first, at ${at.toISOString()}; job ${id} goes by that answer. To have another one counted, send the file as a new job.`,
  );
}
