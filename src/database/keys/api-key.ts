import { createHash, randomBytes } from 'node:crypto';

/** By the prefix the server (and secret scanners) tell our keys from other bearer tokens. */
export const apiKeyPrefix = 'dt_';

/** How a key is kept: lower-case hex SHA-256 of the whole key, prefix included. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** 256 random bits; the server keeps only their SHA-256, which for so many needs neither salt nor stretching. */
export function newApiKey(): { key: string; sha256: string } {
  const key = apiKeyPrefix + randomBytes(32).toString('base64url');
  return { key, sha256: hashApiKey(key) };
}
