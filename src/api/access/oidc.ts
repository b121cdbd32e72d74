import { createHash } from 'node:crypto';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { storableText } from '../../domain/storable-text.ts';
import { HttpProblem } from '../http-problem.ts';
import { unauthorized, type VerifyToken } from './authenticate.ts';

export interface OidcSettings {
  issuer: string;
  audience: string;
  /** Asked of the issuer's discovery document when it isn't given. */
  jwksUrl?: string;
  /** Claim that lists the roles; dots step into objects, as in Keycloak's `realm_access.roles`. */
  roleClaim: string;
}

/** Asymmetric only: with a symmetric algorithm the public key would be the signing secret. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** `jose`'s words for a JWKS that did not answer, or answered something other than 200. */
const outages = ['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC'];

function rolesIn(payload: JWTPayload, claim: string): string[] {
  let at: unknown = payload;
  // A claim whose own name has dots (a URL, say) is taken whole before it is taken apart.
  if (Object.hasOwn(payload, claim)) at = payload[claim];
  else for (const step of claim.split('.')) at = (at as Record<string, unknown> | undefined)?.[step];
  if (typeof at === 'string') return at.split(/[\s,]+/);
  return Array.isArray(at) ? at.filter((role) => typeof role === 'string') : [];
}

const timeoutDuration = 5000;

/** By how much an issuer's clock may differ from ours. */
const clockToleranceSeconds = 30;

/** OpenID Connect Core 1.0 §2: a subject has 255 characters at most. */
const subjectName = storableText().min(1).max(255);

/** What rows keep of a user. */
const userIdCharacters = 255;

/**
 * The user that a subject of this issuer is: never the same as the owner of an API key, whose name an operator chose,
 * nor as a subject of another issuer. Where the whole does not fit, the subject's hash stands for it.
 */
export function oidcUserId(issuer: string, subject: string): string {
  const whole = `oidc:${issuer}#${subject}`;
  if (whole.length <= userIdCharacters) return whole;
  return `oidc-sha256:${issuer}#${createHash('sha256').update(subject).digest('hex')}`;
}

/** OpenID Connect Discovery 1.0 §4: where the issuer keeps its keys. */
async function discover(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutDuration) });
  const { jwks_uri: jwks } = (await answer.json()) as { jwks_uri?: string };
  if (!answer.ok || !jwks) throw new Error(`${url} names no jwks_uri (status ${answer.status})`);
  return jwks;
}

/** Verifies signature, issuer, audience and times of an OIDC access token; keys come from the JWKS by URL. */
export function oidcVerifier(settings: OidcSettings): VerifyToken {
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined;
  async function claimsOf(token: string): Promise<JWTPayload & { exp: number }> {
    try {
      keys ??= createRemoteJWKSet(new URL(settings.jwksUrl ?? (await discover(settings.issuer))), {
        timeoutDuration,
      });
      const { payload } = await jwtVerify<{ exp: number }>(token, keys, {
        issuer: settings.issuer,
        audience: settings.audience,
        algorithms,
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ['sub', 'exp'],
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired)
        throw unauthorized('This token has expired; sign in again.', 'invalid_token', error);
      if (error instanceof errors.JOSEError && !outages.includes(error.code))
        throw unauthorized(`This token is not valid: ${error.message}.`, 'invalid_token', error);
      const detail =
        'The identity provider is out of reach, so the token cannot be checked. Try again shortly.';
      throw new HttpProblem(503, 'identity-provider-unavailable', 'Cannot check tokens', detail, {
        headers: { 'retry-after': '5' },
        cause: error,
      });
    }
  }
  return async (token) => {
    const claims = await claimsOf(token);
    const subject = subjectName.safeParse(claims.sub);
    if (!subject.success)
      throw unauthorized('This token is not valid: its subject cannot be kept as a name.', 'invalid_token');
    const operator = rolesIn(claims, settings.roleClaim).includes('operator');
    const id = oidcUserId(settings.issuer, subject.data);
    const until = new Date((claims.exp + clockToleranceSeconds) * 1000);
    return { id, role: operator ? 'operator' : 'user', until, limitedTo: null };
  };
}
