import { bufferOf, latin1 } from '../../documents/bytes.ts';

/** What a mailbox may hold; more than the children of a scan. */
const MOST_MAILS = 2000;
const LINE = Buffer.from('\nFrom ', 'latin1');

/**
 * The mails of a mailbox (RFC 4155), which begin with a line `From ` and a field after it; a mail that is none is one.
 * Whether a blank line comes before is not asked: readers differ.
 */
export function mailsOf(bytes: Uint8Array): Uint8Array[] {
  const buffer = bufferOf(bytes);
  if (buffer.toString('latin1', 0, 5) !== 'From ') return [bytes];
  const begins = [0];
  for (
    let at = buffer.indexOf(LINE);
    at >= 0 && begins.length < MOST_MAILS;
    at = buffer.indexOf(LINE, at + LINE.length)
  ) {
    if (/^From [^\r\n]*\r?\n[\w-]+[ \t]*:/.test(latin1(buffer.subarray(at + 1, at + 1000))))
      begins.push(at + 1);
  }
  return begins.map((begin, index) => bytes.subarray(begin, begins[index + 1]));
}
