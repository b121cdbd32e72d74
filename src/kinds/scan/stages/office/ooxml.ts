import { isCompoundFile } from '../../documents/compound-file.ts';
import type { DocumentReport } from '../../documents/report.ts';
import { xmlText } from '../../documents/xml.ts';
import type { ZipPart, ZipParts } from '../../documents/zip-parts.ts';
import { lookAtCompound } from './compound.ts';
import { judgeMacroSheets, judgeSpreadsheetPart, type MacroSheet } from './excel/parts.ts';
import { ddeLinksOfBinaryPart } from './excel/xlsb.ts';
import { isOpenDocument, lookAtOpenDocument } from './odf.ts';
import { judgeRelationship, relationshipsIn } from './relationships.ts';
import { judgeSlidePart } from './slides.ts';
import { judgeWordPart } from './word/parts.ts';

/** Looks at the parts of a document that is a ZIP: OOXML by its relationships and contents, or OpenDocument. */
export function lookAtParts(zip: ZipParts, report: DocumentReport): void {
  const isOpen = isOpenDocument(zip);
  if (isOpen) lookAtOpenDocument(zip, report);
  // A few entries more would else hide one kind behind the other.
  if (!isOpen || zip.parts.some(({ name }) => /^\[Content_Types\]\.xml$/i.test(name)))
    new OoxmlLook(zip, report).look();
  for (const problem of zip.problems) report.missed(problem);
}

class OoxmlLook {
  readonly #zip: ZipParts;
  readonly #report: DocumentReport;
  readonly #callbacks: string[] = [];
  readonly #macroSheets: MacroSheet[] = [];
  readonly #compounds: { part: ZipPart; bytes: Uint8Array }[] = [];
  #namesAutoOpen = false;

  constructor(zip: ZipParts, report: DocumentReport) {
    this.#zip = zip;
    this.#report = report;
  }

  look(): void {
    for (const part of this.#zip.parts) if (isWorthReading(part.name)) this.#lookAt(part);
    const automatic = this.#namesAutoOpen ? 'Auto_Open' : null;
    judgeMacroSheets(this.#macroSheets, automatic, this.#report);
    for (const { part, bytes } of this.#compounds) {
      lookAtCompound(bytes, this.#report, { holder: `${part.name}: `, callbacks: this.#callbacks });
    }
  }

  #lookAt(part: ZipPart): void {
    const bytes = this.#zip.read(part);
    if (!bytes) return;
    if (isCompoundFile(bytes)) this.#compounds.push({ part, bytes });
    else if (/\.bin$/i.test(part.name)) this.#lookAtBinary(part.name, bytes);
    else this.#lookAtXml(part.name, xmlText(bytes));
  }

  #lookAtBinary(name: string, bytes: Uint8Array): void {
    if (/externalLinks\//i.test(name)) {
      for (const link of ddeLinksOfBinaryPart(bytes)) this.#report.add('office.dde-link', `${name}: ${link}`);
    }
    if (/workbook\.bin$/i.test(name))
      this.#namesAutoOpen ||= /auto_(?:open|close|activate)/i.test(wide(bytes));
    if (/macrosheets\//i.test(name)) this.#macroSheets.push({ name, hidden: false, formulas: '' });
  }

  #lookAtXml(name: string, xml: string): void {
    const report = this.#report;
    if (/\.rels$/i.test(name)) {
      for (const relationship of relationshipsIn(xml)) judgeRelationship(relationship, name, report);
      return;
    }
    const callback = /\bonLoad\s*=\s*(?:"([^"]{1,200})"|'([^']{1,200})')/.exec(xml);
    if (/customUI/i.test(name) && callback) this.#callbacks.push((callback[1] ?? callback[2]) as string);
    if (xml.includes('instrText') || xml.includes('fldSimple')) judgeWordPart(xml, name, report);
    if (xml.includes('ppaction:')) judgeSlidePart(xml, name, report);
    const sheet = judgeSpreadsheetPart(xml, name, report);
    if (sheet.macroSheet) this.#macroSheets.push(sheet.macroSheet);
    this.#namesAutoOpen ||= sheet.namesAutoOpen;
  }
}

/** Pictures and fonts hold nothing that an office program acts on. */
function isWorthReading(name: string): boolean {
  return !/\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf|svg|ico|wdp|odttf|ttf|mp[34]|m4[av]|wav|avi|wmv|mov)$/i.test(
    name,
  );
}

/** The text of UTF-16 without its zeros, at whatever byte it begins. */
function wide(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1').replaceAll('\0', '');
}
