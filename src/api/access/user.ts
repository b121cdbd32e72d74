import type { FastifyRequest } from 'fastify';
import type { HttpProblem } from '../http-problem.ts';

export type Role = 'user' | 'operator';

/** Who asks. `id` is an API key's owner, as an operator named them, or an OIDC token's issuer and subject; see `oidcUserId`. */
export interface User {
  id: string;
  role: Role;
  /** When the credential ends by itself, as it said when it was last checked; null where it does not. */
  until: Date | null;
  /** `<kind>:<name>`: all that the credential is for, as an API key may say; null: whatever its user may. */
  limitedTo: readonly string[] | null;
}

/** What a route demands: anyone, anyone with a token, or an operator. */
export type Access = 'public' | 'user' | 'operator';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** Whether a credential may ask that is limited (`User.limitedTo`); the route checks to what. */
    limitedKeys?: boolean;
  }
  interface FastifyRequest {
    /** Null on public routes only. */
    user: User | null;
    /**
     * For what goes on after the request was let in: asks again about its credential. Null while it is good, and while
     * nobody can say because the database or the identity provider is out of reach, but not longer than it said itself.
     */
    refusal(): Promise<HttpProblem | null>;
  }
}

export function userOf(request: FastifyRequest): User {
  if (!request.user) throw new Error(`${request.routeOptions.url} asks for a user on a public route`);
  return request.user;
}

/** What the asker may see: an operator everything, a user what is theirs. Passed on to every read. */
export function scopeOf(request: FastifyRequest): { userId?: string } {
  const user = userOf(request);
  return user.role === 'operator' ? {} : { userId: user.id };
}
