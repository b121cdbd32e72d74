import type { FastifySchema } from 'fastify';
import type { Access } from '../access/user.ts';
import { problemOf } from './problem.ts';

/** Methods whose bodies Fastify reads, or refuses to read, whether or not the route wants one. */
const withBody = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export interface Asked {
  access: Access;
  /** Of a route: `GET`, or several. */
  method: string | readonly string[];
  schema: FastifySchema;
  /** Whether only pages of this machine may ask. */
  onlyLoopback: boolean;
}

/** What every such route may answer, so that no route has to say it again; its own words come before these. */
export function sharedAnswers({ access, method, schema, onlyLoopback }: Asked) {
  const { params, body, querystring, headers } = schema;
  const mayHaveBody = [method].flat().some((one) => withBody.includes(one));
  return {
    400: problemOf('The request cannot be read: its HTTP, its address or its body.'),
    ...(access !== 'public' && { 401: problemOf('No valid token.') }),
    ...((access !== 'public' || onlyLoopback) && {
      403: problemOf('The token’s role or limits, or the page asking, may not do this.'),
    }),
    ...(params !== undefined && { 404: problemOf('There is no such thing, or it is not yours.') }),
    408: problemOf('The headers did not arrive in time, or the body hardly moves.'),
    ...(mayHaveBody && {
      413: problemOf('The body is larger than is read here.'),
      415: problemOf('A body of this type is not read here.'),
    }),
    ...(params !== undefined && { 414: problemOf('A part of the path is too long.') }),
    ...((body ?? querystring ?? headers) !== undefined && { 422: problemOf('A field is wrong.') }),
    431: problemOf('The request line and the headers are too large.'),
    500: problemOf('Something went wrong on our side.'),
    ...(access !== 'public' && { 502: problemOf('The object storage refused.') }),
    503: problemOf(
      'The server is about to stop, or the database, the object storage or the identity provider is out of reach.',
    ),
  };
}
