import type { FastifyRequest, FastifySchema, RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import { unauthorized } from '../access/authenticate.ts';
import type { Access, User } from '../access/user.ts';
import { HttpProblem } from '../http-problem.ts';
import { sharedAnswers } from '../schemas/shared-answers.ts';

const decisions: readonly Access[] = ['public', 'user', 'operator'];

export interface AccessOptions {
  authenticate(authorization: string | undefined): Promise<User>;
  /** Whether only pages of this machine may ask, which every answer of 403 is then documented for. */
  onlyLoopback?: boolean;
}

/** What an error of checking a credential again says against it; null where only the check failed. */
function refusalIn(error: unknown, { until }: User): HttpProblem | null {
  if (error instanceof HttpProblem && error.status < 500) return error;
  // Nobody has to be asked whether a time has passed.
  if (until === null || until.getTime() > Date.now()) return null;
  return unauthorized('This credential has expired; sign in again, or use another key.', 'invalid_token');
}

/** @param limitedTo all that the key is for */
export function beyondLimit(limitedTo: readonly string[]): HttpProblem {
  const detail = `This API key is limited to ${limitedTo.join(', ')} and may not do this. Use another key, or have an operator make one.`;
  return new HttpProblem(403, 'forbidden', 'Not allowed', detail);
}

/**
 * Enforces each route's `config.access` before its body is read. A route without a decision keeps the server
 * from starting, so that forgetting is noticed by whoever forgot. A limited credential may ask only where a route says so (`config.limitedKeys`). A credential may be revoked, or expire, while a request
 * of hours goes on: routes that have such requests ask again.
 */
export const access = fp<AccessOptions>(async (api, { authenticate, onlyLoopback = false }) => {
  const routes: RouteOptions[] = [];

  async function admit({ headers, routeOptions }: FastifyRequest): Promise<User> {
    const user = await authenticate(headers.authorization);
    if (user.limitedTo !== null && !routeOptions.config.limitedKeys) throw beyondLimit(user.limitedTo);
    if (routeOptions.config.access === 'user' || user.role === 'operator') return user;
    throw new HttpProblem(403, 'forbidden', 'Not allowed', 'This needs the role "operator".');
  }

  api.decorateRequest('user', null);

  api.decorateRequest('refusal', async function (this: FastifyRequest) {
    const { user } = this;
    if (!user) return null;
    try {
      this.user = await admit(this);
      return null;
    } catch (error) {
      const refusal = refusalIn(error, user);
      if (refusal)
        this.log.info({ problem: refusal.problem, detail: refusal.message }, 'refused while it went on');
      return refusal;
    }
  });

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
    if (request.routeOptions.config.access !== 'public') request.user = await admit(request);
  });
});
