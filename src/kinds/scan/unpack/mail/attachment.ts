import { type Runs, runsByContent, runsByName } from '../../documents/payload.ts';
import type { DocumentReport } from '../../documents/report.ts';
import { give } from '../give.ts';
import type { ChildSink } from '../unpacker.ts';

export interface MailAttachment {
  name: string;
  declaredType?: string;
  content: Uint8Array;
  note?: string;
}

/** Gives an attachment as a child, and says whether it runs although nothing of the kind is declared. */
export function giveAttachment(attachment: MailAttachment, sink: ChildSink, report: DocumentReport): void {
  const { name, declaredType, content, note } = attachment;
  judge(attachment, report);
  give(sink, name, content, { ...(declaredType && { declaredType }), ...(note && { note }) });
}

/** Extensions of scripts that people send each other, and that no double click runs on most machines. */
const sent = /\.(?:pyw?|sh|php|reg|inf|slk|url|iqy)[\s.]*$/i;

function judge({ name, declaredType = '', content }: MailAttachment, report: DocumentReport): void {
  const byName = runsByName(name);
  const byContent = runsByContent(content);
  // A text may talk about scripts; only what is named as one is one.
  const runs = byContent === 'script' && !byName ? null : (byContent ?? byName);
  if (!runs) return;
  const evidence = `${name}: ${runs}, declared as ${declaredType || 'nothing'}`;
  if (differs(declaredType, runs)) report.add('mail.attachment-type-differs', evidence);
  else if (runs === 'program' || !sent.test(name)) report.add('mail.attachment-runs', evidence);
}

function differs(declaredType: string, runs: Runs): boolean {
  if (/^(?:image|audio|video|font)\//i.test(declaredType)) return true;
  if (
    /^application\/(?:pdf|rtf|msword|vnd\.(?:ms-(?:excel|word|powerpoint)|openxmlformats|oasis))/i.test(
      declaredType,
    )
  ) {
    return true;
  }
  return runs === 'program' && /^text\//i.test(declaredType) && !/javascript|script/i.test(declaredType);
}
