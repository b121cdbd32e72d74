import type { FastifySchema, RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import type { Access, User } from '../access/user.ts';
import { HttpProblem } from '../http-problem.ts';
import { sharedAnswers } from '../schemas/shared-answers.ts';

const decisions: readonly Access[] = ['public', 'user', 'operator'];

export interface AccessOptions {
  authenticate(authorization: string | undefined): Promise<User>;
  /** Whether only pages of this machine may ask, which every answer of 403 is then documented for. */
  onlyLoopback?: boolean;
}

/**
 * Enforces each route's `config.access` before its body is read. A route without a decision keeps the server
 * from starting, so that forgetting is noticed by whoever forgot.
 */
export const access = fp<AccessOptions>(async (api, { authenticate, onlyLoopback = false }) => {
  const routes: RouteOptions[] = [];
  api.decorateRequest('user', null);

  api.addHook('onRoute', (route) => {
    routes.push(route);
    const schema = route.schema as (FastifySchema & { hide?: boolean }) | undefined;
    const decision = route.config?.access;
    if (!schema || schema.hide || !decision) return;
    const shared = sharedAnswers({ access: decision, method: route.method, schema, onlyLoopback });
    schema.response = { ...shared, ...(schema.response as object) };
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
