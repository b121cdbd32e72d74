import type { FastifySchema, RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import type { Access, User } from '../access/user.ts';
import { HttpProblem } from '../http-problem.ts';
import { problemOf } from '../schemas/problem.ts';

const decisions: readonly Access[] = ['public', 'user', 'operator'];

/** What any such route may also answer, so that no route has to say it again. */
function sharedAnswers(access: Access, { body, querystring, headers }: FastifySchema) {
  return {
    ...(body !== undefined && { 400: problemOf('The body cannot be read.') }),
    ...(access !== 'public' && { 401: problemOf('No valid token.') }),
    ...(access !== 'public' && { 403: problemOf('The token’s role, or the page asking, may not do this.') }),
    ...((body ?? querystring ?? headers) !== undefined && { 422: problemOf('A field is wrong.') }),
    500: problemOf('Something went wrong on our side.'),
    ...(access !== 'public' && { 502: problemOf('The object storage refused.') }),
    503: problemOf('The database, the object storage or the identity provider is out of reach.'),
  };
}

export interface AccessOptions {
  authenticate(authorization: string | undefined): Promise<User>;
}

/**
 * Enforces each route's `config.access` before its body is read. A route without a decision keeps the server
 * from starting, so that forgetting is noticed by whoever forgot.
 */
export const access = fp<AccessOptions>(async (api, { authenticate }) => {
  const routes: RouteOptions[] = [];
  api.decorateRequest('user', null);

  api.addHook('onRoute', (route) => {
    routes.push(route);
    const schema = route.schema as (FastifySchema & { hide?: boolean }) | undefined;
    const decision = route.config?.access;
    if (!schema || schema.hide || !decision) return;
    schema.response = { ...sharedAnswers(decision, schema), ...(schema.response as object) };
  });

  api.addHook('onReady', async () => {
    const undecided = routes.filter(({ config }) => !decisions.includes(config?.access as Access));
    if (undecided.length === 0) return;
    const names = undecided.map(({ method, url }) => `${method} ${url}`).join(', ');
    throw new Error(
      `Routes without an access decision: ${names}. Set config.access to ${decisions.join(' | ')}.`,
    );
  });

  api.addHook('onRequest', async (request) => {
    if (request.is404) return;
    const decision = request.routeOptions.config.access;
    if (decision === 'public') return;
    request.user = await authenticate(request.headers.authorization);
    if (decision === 'user' || request.user.role === 'operator') return;
    throw new HttpProblem(403, 'forbidden', 'Not allowed', 'This needs the role "operator".');
  });
});
