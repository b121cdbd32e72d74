import type { Input } from './run.ts';

const MAX_HEADER = 1024 ** 2;
/** The method 7zAES, as a header names it. */
const AES = Buffer.from('06f10701', 'hex');

/**
 * Whether the list of entries of a 7z is encrypted. With a wrong password 7-Zip takes noise for a list, and breaks off
 * as it does at a damaged one.
 */
export function has7zEncryptedHeader(input: Input): boolean {
  const start = input.read(0, 32);
  const head = Buffer.from(start.buffer, start.byteOffset, start.length);
  if (head.length < 32 || head.toString('latin1', 0, 6) !== '7z\xbc\xaf\x27\x1c') return false;
  const [offset, size] = [Number(head.readBigUInt64LE(12)), Number(head.readBigUInt64LE(20))];
  if (offset > input.size || size > MAX_HEADER) return false;
  return Buffer.from(input.read(32 + offset, 32 + offset + size)).includes(AES);
}
