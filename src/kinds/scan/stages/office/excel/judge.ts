import type { DocumentReport } from '../../../documents/report.ts';
import { readBiff } from './biff.ts';

/** What a workbook's stream says of macro sheets and links. */
export function judgeBiff(stream: Uint8Array, path: string, report: DocumentReport, offset?: number): void {
  const book = readBiff(stream);
  if (book.encrypted) report.missed('The workbook is encrypted.');
  if (book.cutOff) report.missed(`The stream "${path}" ends within a record or a sheet.`);
  const macroSheets = book.sheets.filter(({ macro }) => macro);
  if (macroSheets.length > 0) {
    const names = macroSheets.map(({ name }) => name).join(', ');
    const hidden = macroSheets.find((sheet) => sheet.hidden);
    report.note('office.excel4-sheet', names, offset);
    if (hidden) report.add('office.excel4-hidden', hidden.name, offset);
    const [automatic] = book.automaticNames;
    if (automatic)
      report.add('office.excel4-auto-open', `${automatic} runs a macro sheet (${names})`, offset);
    if (book.executes.length > 0) report.add('office.excel4-executes', book.executes.join(', '), offset);
  }
  for (const link of book.ddeLinks) report.add('office.dde-link', link, offset);
}

/** A formula such as `cmd|'/c calc'!A0`, which is a link as well. */
export function ddeInFormula(formula: string): string | null {
  const shape =
    /^[=+\-@\s]{0,20}(?:[\w.\\:/ -]{1,200}|'[^'\n]{1,200}')\|\s?(?:'[^'\n]{0,500}'|[\w.\\:/ -]{1,200})!/;
  return shape.exec(formula)?.[0] ?? /\bDDE\s*\(\s*["'][^)\n]{1,200}/i.exec(formula)?.[0] ?? null;
}
