import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { isDatabaseAway, isOurs } from '../../database/what-failed.ts';
import { DatabaseWriteError, DoubletakeError, InvalidRequest, StorageFailing } from '../../domain/errors.ts';
import { HttpProblem } from '../http-problem.ts';
import { pathAsAsked } from '../request-address.ts';
import { type Problem, problemMediaType } from '../schemas/problem.ts';

/** The one place where errors become HTTP. */
const byDomainType: Readonly<Record<string, readonly [status: number, word: string, title: string]>> = {
  UnsupportedMedia: [415, 'unsupported-media', 'This kind of file is not accepted'],
  UnreadableMedia: [422, 'unreadable-media', 'The file cannot be analysed'],
  InvalidRequest: [422, 'invalid-request', 'Something in the request is wrong'],
  TooLarge: [413, 'too-large', 'Too large'],
  NotFound: [404, 'not-found', 'Not found'],
  Conflict: [409, 'conflict', 'Not possible in the present state'],
  StaleAttempt: [409, 'conflict', 'Not possible in the present state'],
  ObjectMissing: [404, 'object-missing', 'A stored object is missing'],
  StorageUnavailable: [503, 'storage-unavailable', 'The object storage is out of reach'],
  StorageFailing: [503, 'storage-failing', 'The object storage fails'],
  StorageRefused: [502, 'storage-refused', 'The object storage refused'],
  TemporalUnavailable: [503, 'temporal-unavailable', 'The workflow service is out of reach'],
  DatabaseWriteError: [503, 'database-unavailable', 'The database is out of reach'],
};

/** Told instead of the error's own words, which may name hosts, keys and statements; the log has those. */
const outwardWords: Readonly<Record<string, string>> = {
  StorageUnavailable: 'The object storage is out of reach at the moment. Try again shortly.',
  StorageFailing:
    'The object storage answers, but fails at what is asked of it; it may be full or read-only. Should that last, an operator has to look: the log has the details under this request id.',
  StorageRefused:
    'The object storage refused; it may be full, or forbid this to us. An operator has to look: the log has the details under this request id.',
  DatabaseWriteError:
    'The database is out of reach at the moment. Try again shortly; with an Idempotency-Key nothing happens twice.',
};

/** The longest part of a path that a route takes, in characters. */
export const longestParameter = 500;

interface Draft extends Pick<Problem, 'title' | 'detail' | 'errors'> {
  status: number;
  word: string;
  headers?: Record<string, string>;
}

const unreadable = { word: 'bad-request', title: 'The request cannot be read' };

/** What Fastify refuses before a route sees the request, in our words. */
const byFrameworkCode: Readonly<Record<string, (request: FastifyRequest) => string>> = {
  FST_ERR_BAD_URL: () =>
    'The address cannot be read: a "%" in it does not begin an encoded character. Write a percent sign as %25.',
  FST_ERR_MAX_PARAM_LENGTH: () =>
    `A part of the path is longer than ${longestParameter} characters. Take the address from a list or a link.`,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ({ headers }) =>
    `A body of ${headers['content-type'] ?? 'no type'} is not read here. A file is sent as a form, for instance: curl -F kind=technique -F file=@swing.mp4 …/api/jobs; everything else as application/json.`,
  FST_ERR_CTP_BODY_TOO_LARGE: ({ routeOptions }) =>
    `The body is larger than the ${routeOptions.bodyLimit} bytes that are read here. A file is sent as a form, or with tus to /api/uploads.`,
};

const internal: Draft = {
  word: 'internal',
  title: 'Something went wrong',
  status: 500,
  detail: 'Something went wrong on our side. The log has the details under this request id.',
};

function draftOf(error: FastifyError | Error, request: FastifyRequest): Draft {
  if (error instanceof HttpProblem) {
    const { status, problem: word, title, message: detail, extensions, headers } = error;
    return { ...extensions, word, title, status, detail, headers: { ...headers } };
  }
  // A row PostgreSQL never takes is our mistake: "try again" would be asked for ever.
  if (error instanceof DatabaseWriteError && isOurs(error)) return internal;
  if (error instanceof DoubletakeError) {
    // Jobs know it by the type it has in common with an outage.
    const type = error instanceof StorageFailing ? 'StorageFailing' : error.type;
    const [status, word, title] = byDomainType[type] ?? [500, 'internal', 'Something went wrong'];
    const field = error instanceof InvalidRequest ? error.field : undefined;
    const errors = field === undefined ? undefined : [{ field, message: error.message }];
    const headers = status === 503 ? { 'retry-after': '5' } : undefined;
    return { word, title, status, detail: outwardWords[type] ?? error.message, errors, headers };
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map(({ instancePath, message }) => ({
      field: instancePath.slice(1).replaceAll('/', '.') || String(error.validationContext ?? 'body'),
      message: message ?? 'is not valid',
    }));
    // An id that can't exist is not there: the same answer as for an id that isn't the asker's.
    if (error.validationContext === 'params') {
      const wrong = (request.params as Record<string, string>)[errors[0]?.field ?? ''] ?? '';
      const detail = `There is no ${pathAsAsked(request.url)}: "${wrong}" is no id. Take it from a list or a link.`;
      return { word: 'not-found', title: 'Not found', status: 404, detail };
    }
    const detail = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
    return {
      word: 'invalid-request',
      title: 'Something in the request is wrong',
      status: 422,
      detail,
      errors,
    };
  }
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if (status < 500) {
    const words = 'code' in error ? byFrameworkCode[String(error.code)] : undefined;
    return { ...unreadable, status, detail: words?.(request) ?? error.message };
  }
  if (isDatabaseAway(error)) {
    const detail = outwardWords.DatabaseWriteError as string;
    const headers = { 'retry-after': '5' };
    return {
      word: 'database-unavailable',
      title: 'The database is out of reach',
      status: 503,
      detail,
      headers,
    };
  }
  return internal;
}

/** Answers with what an error says. */
export function refuse(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply) {
  const { headers, ...draft } = draftOf(error, request);
  const level = draft.status >= 500 ? 'error' : 'info';
  request.log[level](
    { err: draft.status >= 500 ? error : undefined, problem: draft.word, detail: draft.detail },
    'refused',
  );
  if (headers) reply.headers(headers);
  return reply.code(draft.status).type(problemMediaType).send(bodyOf(draft, request.id));
}

/** The body of an answer, as RFC 9457 has it. */
export function bodyOf({ word, ...rest }: Omit<Draft, 'headers'>, requestId: string): Problem {
  return { type: `urn:doubletake:problem:${word}`, ...rest, request_id: requestId };
}

export const problems = fp(async (api) => {
  api.setErrorHandler(refuse);
});
