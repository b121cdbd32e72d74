import { latin1 } from '../../documents/bytes.ts';
import { runsByName, whatRuns } from '../../documents/payload.ts';
import { nameOf, type PdfDocument } from '../../documents/pdf/document.ts';
import type { PdfAction, PdfFile } from '../../documents/pdf/survey.ts';
import { PdfDict, PdfStream, PdfString, type PdfValue, pdfText } from '../../documents/pdf/values.ts';
import { isRemote, startsHandler } from '../../documents/remote.ts';
import type { DocumentReport } from '../../documents/report.ts';
import { xmlEvents, xmlText } from '../../documents/xml.ts';
import { isEmptyScript, isFieldFormat, riskyWord } from './scripts.ts';

const LONGEST_SCRIPT = 4 * 1024 ** 2;
const LARGEST_FORM = 16 * 1024 ** 2;
/** Enough of an attachment to know what it is. */
const LARGEST_FILE = 64 * 1024 ** 2;

/** Says of each action, attachment and form of a PDF what it does. */
export class PdfJudge {
  readonly #document: PdfDocument;
  readonly #report: DocumentReport;

  constructor(document: PdfDocument, report: DocumentReport) {
    this.#document = document;
    this.#report = report;
  }

  action(action: PdfAction): void {
    const { kind, dict, trigger, offset } = action;
    const report = this.#report;
    const byItself = trigger === 'open';
    if (dict.has('JS')) this.#script(action);
    if (kind === 'Launch') report.add('pdf.launch-action', this.#launched(dict), offset);
    else if (kind === 'SubmitForm' || kind === 'ImportData') {
      const evidence = `${kind} ${this.#path(dict.get('F'))}`.trim();
      if (byItself) report.add('pdf.open-action-submits', evidence, offset);
      else report.note('pdf.submits-form', evidence, offset);
    } else if (kind === 'GoToR' || kind === 'GoToE' || kind === 'Thread') {
      const path = this.#path(dict.get('F'));
      if (isRemote(path)) report.add('pdf.remote-go-to', `${kind} ${path}`, offset);
    } else if (kind === 'URI') this.#link(action);
  }

  #link({ dict, trigger, offset }: PdfAction): void {
    const target = this.#text(dict.get('URI'));
    const runs = startsHandler(target) || (/^file:/i.test(target) && runsByName(target) !== null);
    if (runs) this.#report.add('pdf.link-runs', target, offset);
    else if (trigger === 'open') this.#report.note('pdf.open-action-link', target, offset);
  }

  #script({ dict, trigger, offset }: PdfAction): void {
    const script = this.#text(dict.get('JS'));
    // What is encrypted can't be told from what acts; that there is a script can.
    if (!this.#document.locked && (isEmptyScript(script) || isFieldFormat(script))) return;
    const word = riskyWord(script);
    const evidence = this.#document.locked ? 'encrypted' : script;
    if (word) this.#report.add('pdf.risky-script', `${word}: ${evidence}`, offset);
    if (trigger === 'open') this.#report.add('pdf.open-action-script', evidence, offset);
    else this.#report.note('pdf.script', evidence, offset);
  }

  form(stream: PdfStream): void {
    const bytes = this.#document.contentOf(stream, LARGEST_FORM);
    if (!bytes) {
      if (!this.#document.locked) this.#report.missed('A form in XFA is damaged or too large.');
      return;
    }
    const scripts = formScripts(xmlText(bytes));
    const [first] = scripts;
    if (first === undefined) return;
    this.#report.note('pdf.xfa-script', first);
    const risk = scripts.map(riskyWord).find(Boolean);
    if (risk) this.#report.add('pdf.risky-script', `${risk}, in a form in XFA`);
  }

  file({ name, stream, offset }: PdfFile): void {
    if (this.#document.locked) {
      this.#report.note('pdf.attachment', 'encrypted', offset);
      return;
    }
    const content = this.#document.contentOf(stream, LARGEST_FILE);
    if (!content) this.#report.missed(`The attachment "${name}" is damaged or too large.`);
    const runs = whatRuns(name, content ?? new Uint8Array());
    const evidence = `${name || 'without a name'}${content ? ` (${content.length} bytes)` : ''}`;
    if (!runs) this.#report.note('pdf.attachment', evidence, offset);
    else
      this.#report.add(runs === 'program' ? 'pdf.embedded-program' : 'pdf.embedded-script', evidence, offset);
  }

  #launched(dict: PdfDict): string {
    const windows = this.#document.resolve(dict.get('Win'));
    if (!(windows instanceof PdfDict)) return this.#path(dict.get('F'));
    return `${this.#text(windows.get('F'))} ${this.#text(windows.get('P'))}`.trim();
  }

  /** A file specification is a text, or a dictionary with texts; with `/FS /URL` it is an address. */
  #path(value: PdfValue): string {
    const found = this.#document.resolve(value);
    if (!(found instanceof PdfDict)) return this.#text(found);
    const path = this.#text(found.get('UF')) || this.#text(found.get('F')) || this.#text(found.get('DOS'));
    return nameOf(this.#document.resolve(found.get('FS'))) === 'URL' && !/^\w+:/.test(path)
      ? `http:${path}`
      : path;
  }

  #text(value: PdfValue): string {
    const found = this.#document.resolve(value);
    if (found instanceof PdfString) return found.text;
    if (!(found instanceof PdfStream)) return '';
    const bytes = this.#document.contentOf(found, LONGEST_SCRIPT);
    if (!bytes && !this.#document.locked) this.#report.missed('A script is damaged or too large.');
    return bytes ? pdfText(bytes) : latin1(found.raw.subarray(0, 256));
  }
}

/** Scripts of a form in XFA that are JavaScript; the others are FormCalc, which only calculates. */
function formScripts(xml: string): string[] {
  const found: string[] = [];
  let current: string | null = null;
  for (const event of xmlEvents(xml)) {
    if (event.kind === 'text') {
      if (current !== null) current += event.text;
    } else if (event.name === 'script') {
      if (event.kind === 'close' && current?.trim() && found.length < 1000) found.push(current.trim());
      const isJavaScript =
        event.kind === 'open' && /javascript/i.test(event.attributes.get('contenttype') ?? '');
      current = isJavaScript ? '' : null;
    }
  }
  return found;
}
