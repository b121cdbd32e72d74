import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { NodeRequest } from 'srvx/node';
import { z } from 'zod';
import { findUpload } from '../../database/uploads/find-upload.ts';
import { forgetUpload } from '../../database/uploads/forget-upload.ts';
import { Conflict } from '../../domain/errors.ts';
import { tooLarge } from '../accept/store-original.ts';
import { scopeOf, userOf } from '../access/user.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { HttpProblem } from '../http-problem.ts';
import { notFound } from '../not-found.ts';
import { empty } from '../schemas/answers.ts';
import { problemOf } from '../schemas/problem.ts';
import * as tusHeaders from '../schemas/tus-headers.ts';
import { upload, viewOfUpload } from '../schemas/upload.ts';
import { finishUpload, keysBeside } from '../tus/finish-upload.ts';
import { severable } from '../tus/severable-request.ts';
import { openTusServer, type TusCall } from '../tus/tus-server.ts';
import type { Upload } from '../tus/upload.ts';

const params = z.object({ id: z.uuid().describe('The upload’s id, the last part of its URL.') });
const tags = ['uploads'];

/** An upload that has begun was not too large; only what is sent for it can be. */
function moreThanAnnounced({ id, file_name, bytes }: Upload): HttpProblem {
  const detail = `This request sends more than was announced: "${file_name}" has ${bytes} bytes by the Upload-Length of upload ${id}. Ask for its Upload-Offset and send what is missing, or begin another upload with the length it has.`;
  return new HttpProblem(413, 'tus', 'Not as tus 1.0 wants it', detail);
}

/** Resumable uploads, tus 1.0 (https://tus.io/protocols/resumable-upload). */
export const uploads: FastifyPluginAsyncZod<ApiDependencies> = async (api, dependencies) => {
  const { database, store, limits } = dependencies;
  const tus = openTusServer(dependencies);
  // The bytes go to the tus server as they come.
  api.addContentTypeParser('application/offset+octet-stream', (_request, _body, done) => done(null));

  /** Only now: the protocol reads it once more after the last byte. What is left here the sweep finds. */
  async function forget(request: FastifyRequest, { key = '' }: { key?: string }) {
    await store
      .deleteKeys(keysBeside(key))
      .catch((error) => request.log.warn({ err: error, key }, 'left for the sweep'));
  }

  /** Lets the protocol handle the request and sets its headers. @returns the status to answer with */
  async function speak(request: FastifyRequest, reply: FastifyReply, call: TusCall): Promise<number> {
    const raw = severable(request.raw);
    tus.calls.set(raw, call);
    const refused = request.untilRefused();
    const answer = await tus.server.handleWeb(new NodeRequest({ req: raw, res: reply.raw }));
    refused.throwIfAborted();
    if (call.refusal) throw call.refusal;
    if (call.finished || (request.method === 'DELETE' && answer.ok)) await forget(request, call);
    const headers = Object.fromEntries(answer.headers);
    delete headers['content-length'];
    reply.headers(headers);
    if (answer.status === 413)
      throw call.upload
        ? moreThanAnnounced(call.upload)
        : tooLarge(call.fileName ?? 'file', limits.uploadBytes);
    if (answer.status >= 400) {
      throw new HttpProblem(answer.status, 'tus', 'Not as tus 1.0 wants it', (await answer.text()).trim());
    }
    return answer.status;
  }

  async function handle(request: FastifyRequest, reply: FastifyReply, call: TusCall) {
    return reply.code(await speak(request, reply, call)).send(undefined);
  }

  async function find(request: FastifyRequest): Promise<Upload> {
    const { id } = request.params as z.infer<typeof params>;
    const found = await findUpload(database, id, scopeOf(request));
    if (!found) throw notFound('upload', id);
    return found;
  }

  const callOn = (found: Upload): TusCall => ({
    uploadId: found.id,
    userId: found.user_id,
    key: found.key,
    upload: found,
  });
  const capabilities = {
    config: { access: 'public' as const, documentedHeaders: tusHeaders.capabilities },
    schema: {
      tags,
      summary: 'What of tus is offered',
      response: { 204: empty('What is offered, in the headers.') },
    },
  };
  const ask = (request: FastifyRequest, reply: FastifyReply) =>
    handle(request, reply, { uploadId: '', userId: '' });
  api.options('/api/uploads', capabilities, ask);
  api.options('/api/uploads/:id', { ...capabilities, schema: { ...capabilities.schema, params } }, ask);

  api.post(
    '/api/uploads',
    {
      config: { access: 'user', documentedHeaders: tusHeaders.creation },
      schema: {
        tags,
        summary: 'Begin a resumable upload',
        description: 'The first bytes may come with it, as `application/offset+octet-stream`.',
        response: {
          201: empty('Created; `Location` is where to send the bytes.'),
          400: problemOf('Not as tus 1.0 wants it.'),
          408: problemOf('The bytes arrive too slowly; the upload can be continued.'),
          412: problemOf('Another version of tus.'),
          413: problemOf('Larger than accepted here.'),
          415: problemOf('Complete with the first request, and of a type no kind takes.'),
          422: problemOf('An empty file.'),
          501: problemOf('An extension of tus that is not offered.'),
        },
      },
    },
    (request, reply) => handle(request, reply, { uploadId: randomUUID(), userId: userOf(request).id }),
  );

  api.patch(
    '/api/uploads/:id',
    {
      config: { access: 'user', documentedHeaders: tusHeaders.bytes },
      schema: {
        tags,
        summary: 'Send bytes',
        description:
          'From `Upload-Offset` on, as `application/offset+octet-stream`. After the last one the type of the file is looked at. A credential that is no longer good ends even a request under way with a 401; what arrived is kept, and can be continued with a good one.',
        params,
        response: {
          204: empty('Taken; `Upload-Offset` is where to go on.'),
          400: problemOf('Not as tus 1.0 wants it, or interrupted by another request for the same upload.'),
          403: problemOf('Headers are missing, or the page asking may not.'),
          404: problemOf('No such upload of yours.'),
          408: problemOf('The bytes arrive too slowly; the upload can be continued.'),
          409: problemOf('`Upload-Offset` is not where the upload is, or all bytes are there.'),
          410: problemOf('The upload has expired.'),
          412: problemOf('Another version of tus.'),
          413: problemOf('More bytes than announced or accepted.'),
          415: problemOf('The finished file is of a type no kind takes; it was removed.'),
        },
      },
    },
    async (request, reply) => {
      const found = await find(request);
      if (found.completed_at) throw new Conflict(`Upload ${found.id} is finished.`);
      return handle(request, reply, callOn(found));
    },
  );

  api.head(
    '/api/uploads/:id',
    {
      // Unlike the HEADs that come with each GET, this one says something of its own.
      config: {
        access: 'user',
        swagger: { exposeHeadRoute: true },
        documentedHeaders: tusHeaders.whereToGoOn,
      },
      schema: {
        tags,
        summary: 'Where to go on',
        params,
        response: {
          200: empty('How many bytes are there, in the headers.'),
          404: problemOf('No such upload of yours.'),
          410: problemOf('The upload has expired.'),
          412: problemOf('Another version of tus.'),
          415: problemOf('The finished file is of a type no kind takes; it was removed.'),
        },
      },
    },
    async (request, reply) => {
      const found = await find(request);
      if (found.completed_at) {
        const there = { 'upload-offset': found.bytes, 'upload-length': found.bytes };
        reply.headers({ ...there, 'tus-resumable': '1.0.0', 'cache-control': 'no-store' });
        return reply.code(200).send(undefined);
      }
      const status = await speak(request, reply, callOn(found));
      // All there but not written down: the last PATCH was cut between the object and its row.
      if (Number(reply.getHeader('upload-offset')) === found.bytes) {
        await finishUpload(dependencies, found);
        await forget(request, found);
      }
      return reply.code(status as 200).send(undefined);
    },
  );

  api.delete(
    '/api/uploads/:id',
    {
      config: { access: 'user', documentedHeaders: tusHeaders.termination },
      schema: {
        tags,
        summary: 'Give up an upload that no job has used',
        params,
        response: {
          204: empty('Gone.'),
          400: problemOf('Not as tus 1.0 wants it.'),
          404: problemOf('No such upload of yours.'),
          409: problemOf('A job has used it: it belongs to a session now.'),
          412: problemOf('Another version of tus.'),
        },
      },
    },
    async (request, reply) => {
      const found = await find(request);
      if (!found.completed_at) {
        const status = await speak(request, reply, callOn(found));
        await forgetUpload(database, found.id);
        return reply.code(status as 204).send(undefined);
      }
      if (!(await forgetUpload(database, found.id))) {
        const session = `/api/sessions/${found.claimed_by_session}`;
        throw new Conflict(`Upload ${found.id} became a session; delete ${session} instead.`);
      }
      await store.deleteKeys([found.key]);
      return reply.header('tus-resumable', '1.0.0').code(204).send(undefined);
    },
  );

  api.get(
    '/api/uploads/:id',
    {
      config: { access: 'user' },
      exposeHeadRoute: false,
      schema: {
        tags,
        summary: 'An upload',
        params,
        response: { 200: upload, 404: problemOf('No such upload of yours.') },
      },
    },
    async (request) => viewOfUpload(await find(request)),
  );
};
