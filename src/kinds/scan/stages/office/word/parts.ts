import type { DocumentReport } from '../../../documents/report.ts';
import { xmlEvents } from '../../../documents/xml.ts';
import { type FieldPart, fieldInstructions } from './fields.ts';
import { judgeInstruction } from './judge.ts';

/** The fields of a part in WordprocessingML, of Word 2003 or later; their instructions are split over runs. */
export function judgeWordPart(xml: string, name: string, report: DocumentReport): void {
  for (const instruction of fieldInstructions(fieldParts(xml))) judgeInstruction(instruction, report);
  if (report.has('office.dde-field')) report.facts.fieldsIn = name;
}

function* fieldParts(xml: string): Generator<FieldPart> {
  let inInstruction = false;
  for (const event of xmlEvents(xml)) {
    if (event.kind === 'text') {
      if (inInstruction) yield { text: event.text };
      continue;
    }
    if (event.name === 'instrText' || event.name === 'delInstrText') {
      inInstruction = event.kind === 'open' && !event.selfClosing;
    } else if (event.kind === 'open' && event.name === 'fldChar') {
      const type = event.attributes.get('fldchartype');
      if (type === 'begin' || type === 'separate' || type === 'end') yield type;
    } else if (event.kind === 'open' && event.name === 'fldSimple') {
      yield 'begin';
      yield { text: event.attributes.get('instr') ?? '' };
      yield 'end';
    }
  }
}
