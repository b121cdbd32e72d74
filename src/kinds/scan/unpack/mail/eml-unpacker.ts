import PostalMime, { type Attachment, type Email } from 'postal-mime';
import { latin1 } from '../../documents/bytes.ts';
import { DocumentReport } from '../../documents/report.ts';
import { give } from '../give.ts';
import type { ChildSink, Unpacker, UnpackReport } from '../unpacker.ts';
import { giveAttachment, type MailAttachment } from './attachment.ts';
import { lacksEnd, outsideParts, withFoundBoundary } from './boundaries.ts';
import { mailsOf } from './mailbox.ts';
import { isTnef, tnefAttachments } from './tnef.ts';
import { uuencodedFiles } from './uuencode.ts';

/** A mail: its bodies, and its attachments by every encoding; mails within it are children with children. */
export const emlUnpacker: Unpacker = {
  name: 'mail',
  version: '2',
  opens: ({ type }) => type === 'eml',
  unpack: (file, sink) => unpackMails(file.bytes(), sink),
};

const options = {
  attachmentEncoding: 'arraybuffer',
  forceRfc822Attachments: true,
  maxNestingDepth: 64,
} as const;

/** The parser keeps something for each line of text, but not for those of base64, so that many would take all memory. */
const MOST_LINES = 300_000;

/** A mail, or those of a mailbox; the first is read with all that follows it, as programs do that know no mailboxes. */
async function unpackMails(bytes: Uint8Array, sink: ChildSink): Promise<UnpackReport> {
  const report = new DocumentReport();
  const [first, ...others] = mailsOf(bytes);
  const own = first as Uint8Array;
  // A large mailbox as one mail would be more than the parser can hold.
  const whole = textLines(bytes, MOST_LINES) > MOST_LINES ? own : bytes;
  const mail = await unpackMail(whole, own, sink, report);
  for (const other of others) await unpackMail(other, other, sink, report);
  const { findings, incomplete } = report;
  if (!mail) return { findings, incomplete };
  const facts = { subject: mail.subject ?? '', from: mail.from?.address ?? '' };
  return {
    findings,
    incomplete,
    facts: { ...facts, ...(others.length > 0 && { mails: 1 + others.length }) },
  };
}

async function unpackMail(
  bytes: Uint8Array,
  own: Uint8Array,
  sink: ChildSink,
  report: DocumentReport,
): Promise<Email | null> {
  if (textLines(bytes, MOST_LINES) > MOST_LINES) {
    report.missed(`The mail has more than ${MOST_LINES} lines of text.`);
    return null;
  }
  let mail = await parse(bytes, report);
  if (mail && mail.attachments.length === 0) mail = (await withMendedBoundary(bytes, report)) ?? mail;
  if (!mail) return null;
  if (lacksEnd(own)) report.missed('The mail is cut off: the end of its parts is missing.');
  if (mail.html) give(sink, 'message.html', encoded(mail.html), { declaredType: 'text/html' });
  if (mail.text) giveText(mail, sink, report);
  for (const [index, attachment] of mail.attachments.entries()) {
    for (const file of filesOf(attachment, index, report)) giveAttachment(file, sink, report);
  }
  for (const { name, bytes: outside } of outsideParts(own))
    give(sink, name, outside, { note: 'outside the parts of the mail' });
  return mail;
}

/** Lines that are none of base64, counted until there are more than `most`. */
function textLines(bytes: Uint8Array, most: number): number {
  let lines = 0;
  for (let from = 0, end = 0; end >= 0 && lines <= most; from = end + 1) {
    end = bytes.indexOf(0x0a, from);
    const line = bytes.subarray(from, end < 0 ? bytes.length : end);
    if (line.length < 60 || line.includes(0x20)) lines++;
  }
  return lines;
}

async function parse(bytes: Uint8Array, report: DocumentReport): Promise<Email | null> {
  try {
    return await PostalMime.parse(bytes, options);
  } catch (error) {
    report.missed(`The mail can't be read: ${(error as Error).message}`);
    return null;
  }
}

async function withMendedBoundary(bytes: Uint8Array, report: DocumentReport): Promise<Email | null> {
  const mended = withFoundBoundary(bytes);
  const mail = mended && (await parse(mended, report));
  if (!mail || mail.attachments.length === 0) return null;
  report.missed('The boundary that the mail names is not the one between its parts.');
  return mail;
}

function giveText(mail: Email, sink: ChildSink, report: DocumentReport): void {
  const text = mail.text as string;
  // A text that was only made from the HTML is looked at there.
  if (!mail.html) give(sink, 'message.txt', encoded(text), { declaredType: 'text/plain' });
  for (const file of uuencodedFiles(text)) {
    if (file.cutOff) report.missed(`The file "${file.name}" in the text is cut off.`);
    giveAttachment({ ...file, note: 'uuencoded in the text' }, sink, report);
  }
}

/** What an attachment is: itself, or the files that it was packed for the mail from. */
function filesOf(attachment: Attachment, index: number, report: DocumentReport): MailAttachment[] {
  const { mimeType, filename } = attachment;
  const content = new Uint8Array(attachment.content as ArrayBuffer);
  if (/^(?:application\/pgp-encrypted|application\/(?:x-)?pkcs7-mime)$/.test(mimeType)) {
    report.missed(`The part ${index + 1} is encrypted or sealed (${mimeType}).`);
  }
  if (isTnef(content)) {
    const { attachments, cutOff } = tnefAttachments(content);
    if (cutOff) report.missed(`The part ${index + 1}, a winmail.dat, is cut off.`);
    if (attachments.length > 0) return attachments;
  }
  const packed =
    content.length > 6 && latin1(content.subarray(0, 6)) === 'begin ' ? uuencodedFiles(latin1(content)) : [];
  if (packed.length > 0)
    return packed.map((file) => ({ ...file, declaredType: mimeType, note: 'uuencoded' }));
  const nested = mimeType === 'message/rfc822' ? 'message.eml' : `attachment-${index + 1}`;
  return [{ name: filename || nested, declaredType: mimeType, content }];
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
