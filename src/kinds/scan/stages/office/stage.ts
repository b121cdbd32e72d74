import type { FileType, ScannedFile, Stage, StageReport } from '../../analysis/stage.ts';
import { isCompoundFile } from '../../documents/compound-file.ts';
import { DocumentReport } from '../../documents/report.ts';
import { xmlText } from '../../documents/xml.ts';
import { ZipParts } from '../../documents/zip-parts.ts';
import { lookAtCompound } from './compound.ts';
import { isFlatDocument, lookAtFlatDocument } from './flat.ts';
import { lookAtParts } from './ooxml.ts';
import { lookAtRtf } from './rtf.ts';

const compound: readonly FileType[] = ['ole', 'doc', 'xls', 'ppt', 'msi', 'msg'];
const zipped: readonly FileType[] = ['ooxml', 'odf'];
const others: readonly FileType[] = ['rtf', 'xml'];

/** Documents of office programs, and installers: what in them acts, and what acts by itself. */
export const officeStage: Stage = {
  name: 'office',
  version: '1',
  looksAt: ({ type }) => [...compound, ...zipped, ...others].includes(type),
  look,
};

function look(file: ScannedFile): StageReport {
  const report = new DocumentReport();
  const bytes = file.bytes();
  // An encrypted or damaged document may be named after what it would be.
  if (isCompoundFile(bytes)) lookAtCompound(bytes, report);
  else if (compound.includes(file.type))
    report.missed('It is no compound file, or less than the head of one.');
  else if (zipped.includes(file.type)) lookAtParts(new ZipParts(bytes), report);
  else if (file.type === 'rtf') lookAtRtf(bytes, report);
  else {
    const xml = xmlText(bytes);
    if (isFlatDocument(xml)) lookAtFlatDocument(xml, report);
  }
  const { findings, incomplete, facts } = report;
  return { findings, incomplete, ...(Object.keys(facts).length > 0 && { facts }) };
}
