import type { ScannedFile, Stage, StageReport } from '../../analysis/stage.ts';
import { PdfDocument } from '../../documents/pdf/document.ts';
import { surveyPdf } from '../../documents/pdf/survey.ts';
import { DocumentReport } from '../../documents/report.ts';
import { PdfJudge } from './judge.ts';

/** PDFs: what acts in their resolved objects, so that neither packing nor other spellings of names hide it. */
export const pdfStage: Stage = {
  name: 'pdf',
  version: '2',
  looksAt: ({ type }) => type === 'pdf',
  look,
};

function look(file: ScannedFile): StageReport {
  const report = new DocumentReport();
  const document = new PdfDocument(file.bytes());
  const { actions, files, forms, media } = surveyPdf(document);
  const judge = new PdfJudge(document, report);
  for (const action of actions) judge.action(action);
  for (const attachment of files) judge.file(attachment);
  for (const form of forms) judge.form(form);
  if (media.length > 0) report.note('pdf.rich-media', `${media.length} annotations`, media[0]);
  if (document.locked) report.missed('The document is encrypted, and needs a password.');
  for (const problem of document.problems) report.missed(problem);
  const { findings, incomplete } = report;
  const facts = {
    ...(document.encrypted && { encrypted: true }),
    ...(files.length > 0 && !document.locked && { attachments: files.map(({ name }) => name).slice(0, 50) }),
  };
  return { findings, incomplete, ...(Object.keys(facts).length > 0 && { facts }) };
}
