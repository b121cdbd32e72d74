import type { DocumentReport } from '../../../documents/report.ts';
import { isDdeField, isRemoteField } from './fields.ts';

/** One field's instruction: what Word would do by it. */
export function judgeInstruction(instruction: string, report: DocumentReport, offset?: number): void {
  if (isDdeField(instruction)) report.add('office.dde-field', instruction.trim(), offset);
  else if (isRemoteField(instruction)) report.note('office.external-content', instruction.trim(), offset);
}
