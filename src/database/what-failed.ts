import { causes } from '../domain/causes.ts';

/** Errors of the system that say a server is away, not that the request was wrong. */
const away = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** What the driver says without a code. */
const awayWords =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|connection error and is not queryable/i;

const ours = /^(22|23|42)\w{3}$|^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE|ERROR$)/;

/** SQLSTATE classes 08 (connection), 53 (resources), 57 (operator intervention): the server, not the statement. */
export function isDatabaseAway(error: unknown): boolean {
  for (const { code, message } of causes(error)) {
    if (typeof code === 'string' && (away.has(code) || /^(08|53|57)\w{3}$/.test(code))) return true;
    if (awayWords.test(message ?? '')) return true;
  }
  return false;
}

/**
 * SQLSTATE classes 22, 23, 42, and what SQLite says of the same: the data or the statement is wrong and stays so, however
 * often it is sent.
 */
export function isOurs(error: unknown): boolean {
  return [...causes(error)].some(({ code }) => typeof code === 'string' && ours.test(code));
}
