import { inflateSync } from 'node:zlib';
import { startsWith } from '../../documents/bytes.ts';
import { isCompoundFile } from '../../documents/compound-file.ts';
import type { DocumentReport } from '../../documents/report.ts';
import { xmlEvents } from '../../documents/xml.ts';
import { lookAtCompound } from './compound.ts';
import { ddeInFormula } from './excel/judge.ts';
import { judgeSpreadsheetPart } from './excel/parts.ts';
import { judgeRelationship, relationshipsIn } from './relationships.ts';
import { judgeWordPart } from './word/parts.ts';

const MOST = 200;
const LARGEST = 32 * 1024 ** 2;
const ACTIVE_MIME = Buffer.from('ActiveMime', 'latin1');

/** Whether an XML is a document of Word or Excel 2003, or a package of OOXML in one file. */
export function isFlatDocument(xml: string): boolean {
  const head = xml.slice(0, 4096);
  return /<\?mso-application\b|schemas\.microsoft\.com\/office\/(?:word\/2003|2006\/xmlPackage)|urn:schemas-microsoft-com:office:spreadsheet/.test(
    head,
  );
}

/** Whether an XML is a flat OpenDocument, by its first element. */
export function isFlatOpenDocument(xml: string): boolean {
  for (const event of xmlEvents(xml)) {
    if (event.kind !== 'open') continue;
    return (
      event.name === 'document' &&
      [...event.attributes.values()].some((value) => /opendocument|openoffice\.org\/2000/i.test(value))
    );
  }
  return false;
}

/** Looks at a document that is one XML: the same parts, with binary ones in base64. */
export function lookAtFlatDocument(xml: string, report: DocumentReport): void {
  judgeWordPart(xml, 'the document', report);
  judgeSpreadsheetPart(xml, 'the document', report);
  for (const relationship of relationshipsIn(xml)) judgeRelationship(relationship, 'the document', report);
  let name = '';
  let binary = 0;
  let inBinary = false;
  for (const event of xmlEvents(xml)) {
    if (event.kind === 'text') {
      if (inBinary && binary++ < MOST) lookAtBinary(event.text, name, report);
    } else if (
      event.name === 'binData' ||
      event.name === 'binaryData' ||
      event.name === 'docOleData' ||
      event.name === 'binary-data'
    ) {
      inBinary = event.kind === 'open' && !event.selfClosing;
      if (event.kind === 'open') name = event.attributes.get('name') ?? name;
    } else if (event.kind === 'open') {
      if (event.name === 'part') name = event.attributes.get('name') ?? '';
      const link = ddeInFormula(event.attributes.get('formula') ?? '');
      if (link) report.add('office.dde-link', link);
    }
  }
}

function lookAtBinary(base64: string, name: string, report: DocumentReport): void {
  const bytes = Buffer.from(base64, 'base64');
  const compound = startsWith(bytes, [...ACTIVE_MIME]) ? readActiveMime(bytes) : bytes;
  if (!compound) report.missed(`The macros in "${name}" can't be read.`);
  else if (isCompoundFile(compound)) lookAtCompound(compound, report, { holder: `${name}: `, depth: 1 });
}

/** `ActiveMime`: a head, whose length is not always the same, and a compound file packed by zlib. */
export function readActiveMime(bytes: Uint8Array): Uint8Array | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const stated = buffer.length > 0x20 ? buffer.readUInt16LE(0x1e) + 46 : 0;
  for (const at of [stated, 0x32, 0x22a]) {
    if (buffer[at] !== 0x78) continue;
    try {
      return inflateSync(buffer.subarray(at), { maxOutputLength: LARGEST });
    } catch {}
  }
  return null;
}
