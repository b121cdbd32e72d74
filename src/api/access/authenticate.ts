import { apiKeyPrefix, hashApiKey } from '../../database/keys/api-key.ts';
import { HttpProblem } from '../http-problem.ts';
import type { Role, User } from './user.ts';

export type FindApiKey = (sha256: string) => Promise<{
  user_id: string;
  role: Role;
  expires_at: Date | null;
  limited_to: readonly string[] | null;
} | null>;
export type VerifyToken = (token: string) => Promise<User>;

/** 401 as RFC 6750 wants it: `WWW-Authenticate` says what to send. */
export function unauthorized(detail: string, error?: string, cause?: unknown): HttpProblem {
  const challenge = error ? `Bearer realm="doubletake", error="${error}"` : 'Bearer realm="doubletake"';
  return new HttpProblem(401, 'unauthorized', 'A valid token is needed', detail, {
    headers: { 'www-authenticate': challenge },
    cause,
  });
}

/**
 * Who a request's `Authorization` header speaks for.
 * @throws HttpProblem 401 when there is no token, or none that is valid
 */
export function authenticator(findApiKey: FindApiKey, verifyToken?: VerifyToken) {
  return async (header: string | undefined): Promise<User> => {
    const token = header && /^Bearer +(\S+)$/i.exec(header)?.[1];
    if (!token) throw unauthorized('Send a token: "Authorization: Bearer dt_…".');
    if (token.startsWith(apiKeyPrefix)) {
      const found = await findApiKey(hashApiKey(token));
      if (!found) throw unauthorized('This API key is unknown, expired or revoked.', 'invalid_token');
      const { user_id: id, role, expires_at: until, limited_to: limitedTo } = found;
      return { id, role, until, limitedTo };
    }
    if (!verifyToken) throw unauthorized('Only API keys ("dt_…") are accepted here.', 'invalid_token');
    return verifyToken(token);
  };
}
