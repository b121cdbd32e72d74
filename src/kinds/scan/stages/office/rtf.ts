import { isCompoundFile } from '../../documents/compound-file.ts';
import { runsByContent } from '../../documents/payload.ts';
import { isRemote } from '../../documents/remote.ts';
import type { DocumentReport } from '../../documents/report.ts';
import { type RtfObject, readRtf } from '../../documents/rtf.ts';
import { contentOf, objectData } from '../../documents/rtf-objects.ts';
import { lookAtCompound } from './compound.ts';
import { judgeClass } from './objects.ts';
import { judgePackage, judgeRaw } from './packages.ts';
import { judgeInstruction } from './word/judge.ts';

/** Looks at an RTF: its objects, template and fields. */
export function lookAtRtf(bytes: Uint8Array, report: DocumentReport): void {
  const { objects, templates, fields, cutOff } = readRtf(bytes);
  if (cutOff) report.missed('The RTF is cut off: groups are still open at its end.');
  for (const { text, offset } of templates) {
    if (isRemote(text)) report.add('office.remote-template', text.trim(), offset);
  }
  for (const { text, offset } of fields) judgeInstruction(text, report, offset);
  for (const [index, object] of objects.entries()) lookAtObject(object, index + 1, report);
}

function lookAtObject(rtf: RtfObject, number: number, report: DocumentReport): void {
  const { offset, words, className, withGroups, binary } = rtf;
  const raw = objectData(rtf);
  const { object, packaged, content } = contentOf(raw);
  const name = object?.className || className.text.trim();
  judgeClass(name, report, offset);
  if (words.has('objupdate') || words.has('objautlink'))
    report.note('office.rtf-auto-update', name || 'an object', offset);
  if (withGroups || binary) report.add('office.rtf-obfuscated-object', name || 'an object', offset);
  if (object?.linked && isRemote(object.topic)) report.add('office.remote-object', object.topic, offset);
  if (object?.cutOff) report.missed(`The object ${number} of the RTF is cut off.`);
  if (packaged) judgePackage(packaged, report, offset);
  else if (isCompoundFile(content))
    lookAtCompound(content, report, { holder: `object ${number}: `, depth: 1 });
  else if (runsByContent(content) === 'program')
    report.add('office.embedded-program', `object ${number}`, offset);
  else judgeRaw(content, `object ${number}`, report, offset);
}
