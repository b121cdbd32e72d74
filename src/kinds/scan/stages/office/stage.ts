import type { FileType, ScannedFile, Stage, StageReport } from '../../analysis/stage.ts';
import { isCompoundFile } from '../../documents/compound-file.ts';
import { DocumentReport } from '../../documents/report.ts';
import { xmlText } from '../../documents/xml.ts';
import { ZipParts } from '../../documents/zip-parts.ts';
import { lookAtCompound } from './compound.ts';
import { isFlatDocument, isFlatOpenDocument, lookAtFlatDocument } from './flat.ts';
import { lookAtFlatOpenDocument } from './odf.ts';
import { lookAtParts } from './ooxml.ts';
import { lookAtRtf } from './rtf.ts';

const compound: readonly FileType[] = ['ole', 'doc', 'xls', 'ppt', 'msi', 'msg'];
const zipped: readonly FileType[] = ['ooxml', 'odf'];
const others: readonly FileType[] = ['rtf', 'xml'];

/** Documents of office programs, and installers: what in them acts, and what acts by itself. */
export const officeStage: Stage = {
  name: 'office',
  version: '2',
  looksAt: ({ type }) => [...compound, ...zipped, ...others].includes(type),
  look,
};

/** Of a larger XML, this much says whether it is a document. */
const HEAD = 4 * 1024 ** 2;

function look(file: ScannedFile): StageReport {
  const report = new DocumentReport();
  // An encrypted or damaged document may be named after what it would be.
  if (isCompoundFile(file.read(0, 4096))) lookAtCompound(file.bytes(), report);
  else if (compound.includes(file.type))
    report.missed('It is no compound file, or less than the head of one.');
  else if (zipped.includes(file.type)) lookAtParts(new ZipParts(file), report);
  else if (file.type === 'rtf') lookAtRtf(file.bytes(), report);
  else lookAtXml(file, report);
  const { findings, incomplete, facts } = report;
  return { findings, incomplete, ...(Object.keys(facts).length > 0 && { facts }) };
}

function lookAtXml(file: ScannedFile, report: DocumentReport): void {
  const head = xmlText(file.read(0, HEAD));
  const isOpen = isFlatOpenDocument(head);
  if (!isOpen && !isFlatDocument(head)) return;
  const xml = xmlText(file.bytes());
  lookAtFlatDocument(xml, report);
  if (isOpen) lookAtFlatOpenDocument(xml, report);
}
