import { CompoundFile } from '../../documents/compound-file.ts';
import { readOle10Native } from '../../documents/ole-package.ts';
import { readPptObjects } from '../../documents/ppt-objects.ts';
import type { DocumentReport } from '../../documents/report.ts';
import { judgeBiff } from './excel/judge.ts';
import { lookAtInstaller } from './installer.ts';
import { judgeClsid, judgeMoniker } from './objects.ts';
import { judgePackage, judgeRaw } from './packages.ts';
import { lookAtMacros } from './vba/look.ts';
import { isEncryptedWord, wordInstructions } from './word/doc.ts';
import { judgeInstruction } from './word/judge.ts';

const LARGEST_STREAM = 64 * 1024 ** 2;
/** Objects within objects within objects. */
const DEEPEST = 4;
const INSTALLER = '84100c0000000000c000000000000046';
const PATCH = '86100c0000000000c000000000000046';

interface Place {
  /** `object 2: `, where the file lies within another, for people. */
  holder?: string;
  callbacks?: readonly string[];
  depth?: number;
}

/** Looks at a compound file: macros, sheets, fields, packages, objects, encryption, damage. */
export function lookAtCompound(
  bytes: Uint8Array,
  report: DocumentReport,
  { holder = '', callbacks = [], depth = 0 }: Place = {},
): void {
  let file: CompoundFile;
  try {
    file = new CompoundFile(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    report.missed(`${holder}${error.message}`);
    return;
  }
  const at = (entry: Parameters<CompoundFile['offsetOf']>[0]) => (holder ? undefined : file.offsetOf(entry));
  const isInstaller = [INSTALLER, PATCH].includes(file.root.clsid);
  lookForEncryption(file, report);
  lookAtMacros(file, report, { holder, callbacks });
  for (const entry of [file.root, ...file.entries]) {
    if (entry.kind === 'storage') judgeClsid(entry.clsid, `${holder}${entry.path}`, report);
  }
  if (isInstaller) lookAtInstaller(file, report);
  else {
    const encrypted = isEncryptedShow(file);
    for (const stream of file.streams()) {
      if (encrypted && stream.name === 'PowerPoint Document') continue;
      const content = file.read(stream, LARGEST_STREAM);
      if (content.length < stream.size && stream.size > LARGEST_STREAM) {
        report.missed(`The stream "${stream.path}" is larger than ${LARGEST_STREAM} bytes.`);
      }
      lookAtStream(
        stream.name,
        content,
        { path: `${holder}${stream.path}`, offset: at(stream), depth },
        report,
      );
    }
  }
  for (const problem of file.problems) report.missed(`${holder}${problem}`);
}

interface StreamPlace {
  path: string;
  offset: number | undefined;
  depth: number;
}

function lookAtStream(name: string, content: Uint8Array, place: StreamPlace, report: DocumentReport): void {
  const { path, offset, depth } = place;
  if (name === '\x01Ole10Native') {
    judgePackage(readOle10Native(content), report, offset);
    return;
  }
  if (name === '\x01Ole') judgeMoniker(content, report, offset);
  else if (/^(?:Workbook|Book)$/i.test(name)) judgeBiff(content, path, report, offset);
  else if (name === 'WordDocument') {
    if (isEncryptedWord(content)) report.missed('The document is encrypted.');
    else
      for (const { instruction } of wordInstructions(content)) judgeInstruction(instruction, report, offset);
  } else if (name === 'PowerPoint Document' && depth < DEEPEST) {
    const { objects, cutOff } = readPptObjects(content);
    if (cutOff) report.missed(`The stream "${path}" ends within a record.`);
    for (const [index, object] of objects.entries()) {
      const holder = `${path}/object ${index + 1}: `;
      if (object.content) lookAtCompound(object.content, report, { holder, depth: depth + 1 });
      else report.missed(`${holder}it is damaged or too large.`);
    }
  }
  judgeRaw(content, path, report, offset);
}

function lookForEncryption(file: CompoundFile, report: DocumentReport): void {
  if (file.find('EncryptedPackage'))
    report.missed('The document is encrypted with a password, or by a rights service.');
  if (isEncryptedShow(file)) report.missed('The presentation is encrypted.');
}

/** `Current User` begins with a record whose token says whether the presentation is encrypted (MS-PPT 2.3.2). */
function isEncryptedShow(file: CompoundFile): boolean {
  if (file.find('EncryptedSummary')) return true;
  const user = file.find('Current User');
  const content = user && file.read(user, 4096);
  if (!content || content.length < 16) return false;
  return Buffer.from(content.subarray(12, 16)).readUInt32LE(0) === 0xf3d1c4df;
}
