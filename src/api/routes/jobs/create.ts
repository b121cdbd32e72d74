import multipart from '@fastify/multipart';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { DoubletakeError, InvalidRequest } from '../../../domain/errors.ts';
import { type Accepted, acceptNewJob, replayOf } from '../../accept/accept-new-job.ts';
import { idempotencyKeyOf } from '../../accept/idempotency.ts';
import { kindOf, optionsOf } from '../../accept/kind-and-options.ts';
import { receiveForm } from '../../accept/receive-form.ts';
import { refuseUnaccepted } from '../../accept/sniff.ts';
import { sourceOf } from '../../accept/source.ts';
import { discardOriginal, tooLarge } from '../../accept/store-original.ts';
import { usableWebhook } from '../../accept/webhook.ts';
import { scopeOf, userOf } from '../../access/user.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { jobViewer } from '../../job-view.ts';
import { keptName } from '../../kind-api.ts';
import { job } from '../../schemas/job.ts';
import { idempotencyHeaders, type NewJobJson, newJobSchemas } from '../../schemas/new-job.ts';
import { problemOf } from '../../schemas/problem.ts';

/** What a form adds to its file: boundaries, headers, the other fields. */
const formOverhead = 1024 * 1024;

export const createJob: FastifyPluginAsyncZod<ApiDependencies> = async (api, dependencies) => {
  const { database, store, limits, kindApis, acceptedKinds: kinds } = dependencies;
  const schemas = newJobSchemas(kinds);
  const view = jobViewer(dependencies);
  await api.register(multipart);

  async function fromForm(request: FastifyRequest): Promise<Accepted> {
    const { id: userId } = userOf(request);
    if (Number(request.headers['content-length'] ?? 0) > limits.uploadBytes + formOverhead) {
      throw tooLarge('file', limits.uploadBytes);
    }
    const { kind, options, file, webhook } = await receiveForm(request, {
      store,
      kinds,
      nameFor: ({ kind: word }, session_id, file_name) => keptName(kindApis, word, { session_id, file_name }),
      webhooks: dependencies.webhooks,
      userId,
      maxBytes: limits.uploadBytes,
    });
    const { session_id: id, key: original_key, file_name, media_type, bytes, sha256 } = file;
    const newJob = {
      userId,
      kind: kind.kind,
      options,
      content: sha256,
      idempotencyKey: idempotencyKeyOf(request.headers['idempotency-key']),
      webhook,
    };
    try {
      const context = { database, scope: scopeOf(request), session: null };
      await kindApis[kind.kind]?.checkOptions?.(options, context);
      const session = { id, user_id: userId, original_key, file_name, media_type, bytes, sha256 };
      const accepted = await acceptNewJob(dependencies, newJob, session);
      if (accepted.replayed) await discardOriginal(store, file, request.log);
      return accepted;
    } catch (error) {
      // After a lost connection nobody knows whether the row was written; then the object must stay.
      if (error instanceof DoubletakeError && !error.retryable)
        await discardOriginal(store, file, request.log);
      throw error;
    }
  }

  async function fromJson(request: FastifyRequest, body: NewJobJson | undefined): Promise<Accepted> {
    if (!body) {
      throw new InvalidRequest(
        'Send multipart/form-data with the file, or JSON that names an upload or a session.',
      );
    }
    const kind = kindOf(kinds, body.kind);
    const options = optionsOf(kind, body.options);
    const webhook = usableWebhook(body.webhook, dependencies.webhooks);
    const scope = scopeOf(request);
    const idempotencyKey = idempotencyKeyOf(request.headers['idempotency-key']);
    const source = await sourceOf(dependencies, { ...body, kind, options }, request);
    const newJob = {
      userId: source.userId,
      kind: kind.kind,
      options,
      content: source.content,
      idempotencyKey,
      webhook,
    };
    const earlier = await replayOf(dependencies, newJob);
    if (earlier) return { job: earlier, replayed: true };
    const file = await source.open();
    if (file.found) refuseUnaccepted(file.found, file.file_name, [kind], kinds.all);
    await kindApis[kind.kind]?.checkOptions?.(options, { database, scope, session: source.session });
    return acceptNewJob(dependencies, newJob, file.source, body.upload_id);
  }

  api.post(
    '/api/jobs',
    {
      config: { access: 'user' },
      schema: {
        tags: ['jobs'],
        summary: 'Analyse a file',
        description:
          'As `multipart/form-data` with the file (fields `kind`, `options` and `webhook` best before `file`), or as JSON naming a finished upload or a session. For a kind whose source is live, JSON with neither: its options name the source. Answers as soon as the job is written down; `Location` is the job.',
        headers: idempotencyHeaders,
        body: {
          content: {
            'multipart/form-data': { schema: schemas.form },
            'application/json': { schema: schemas.json },
          },
        },
        response: {
          202: job.describe('Accepted. `Idempotency-Replayed: true` when an earlier request made this job.'),
          404: problemOf('No such upload or session of yours.'),
          408: problemOf('The form arrives too slowly.'),
          409: problemOf('The upload is not finished, or already belongs to a session.'),
          413: problemOf('The file is larger than accepted here.'),
          415: problemOf('The file’s bytes are not of a type the kind takes.'),
          422: problemOf('A wrong field, an empty file, or an Idempotency-Key used for something else.'),
        },
      },
    },
    async (request, reply: FastifyReply) => {
      const { job: row, replayed } = request.isMultipart()
        ? await fromForm(request)
        : await fromJson(request, request.body as NewJobJson | undefined);
      reply.header('location', `/api/jobs/${row.job_id}`);
      if (replayed) reply.header('idempotency-replayed', 'true');
      return reply.code(202).send(view(row));
    },
  );
};
