import type { DocumentReport } from '../../../documents/report.ts';
import { xmlEvents } from '../../../documents/xml.ts';
import { ddeInFormula } from './judge.ts';

export interface MacroSheet {
  name: string;
  hidden: boolean;
  formulas: string;
}

const MOST_FORMULAS = 64 * 1024;

/** A part of a workbook: links, formulas that are links, macro sheets, and names that Excel runs. */
export function judgeSpreadsheetPart(
  xml: string,
  name: string,
  report: DocumentReport,
): { macroSheet: MacroSheet | null; namesAutoOpen: boolean } {
  const isMacroSheet = /macrosheets?\//i.test(name) || /<(?:\w+:)?macrosheet[\s>]/.test(xml);
  const found = { macroSheet: null as MacroSheet | null, namesAutoOpen: false };
  if (!isMacroSheet && !/<(?:\w+:)?(?:f|ddeLink|definedName|worksheet|workbook)[\s>]/.test(xml)) return found;
  if (isMacroSheet) found.macroSheet = { name, hidden: false, formulas: '' };
  let inFormula = false;
  for (const event of xmlEvents(xml)) {
    if (event.kind === 'text') {
      if (inFormula) judgeFormula(event.text, name, report, found.macroSheet);
      continue;
    }
    if (event.name === 'f') inFormula = event.kind === 'open' && !event.selfClosing;
    else if (event.kind === 'open' && event.name === 'ddeLink') {
      const { attributes } = event;
      report.add('office.dde-link', `${name}: ${attributes.get('ddeservice')}|${attributes.get('ddetopic')}`);
    } else if (event.kind === 'open' && event.name === 'definedName') {
      const defined = event.attributes.get('name') ?? '';
      found.namesAutoOpen ||= /^(?:_xlnm\.)?auto_(?:open|close|activate|deactivate)/i.test(defined);
    }
  }
  return found;
}

function judgeFormula(formula: string, name: string, report: DocumentReport, sheet: MacroSheet | null): void {
  const link = ddeInFormula(formula);
  if (link) report.add('office.dde-link', `${name}: ${link}`);
  if (sheet && sheet.formulas.length < MOST_FORMULAS) sheet.formulas += `${formula}\n`;
}

export function judgeMacroSheets(
  sheets: readonly MacroSheet[],
  automatic: string | null,
  report: DocumentReport,
): void {
  for (const { name } of sheets) report.note('office.excel4-package', name);
  if (sheets.length === 0) return;
  if (automatic) report.add('office.excel4-auto-open', `${automatic} runs a macro sheet`);
  const called = sheets
    .map(
      ({ formulas }) =>
        /\b(?:EXEC|CALL|REGISTER|FOPEN|FWRITE(?:LN)?|EXECUTE|INITIATE)\s*\(/i.exec(formulas)?.[0],
    )
    .find(Boolean);
  if (called) report.add('office.excel4-executes', called.replace(/\s*\($/, ''));
}
