import { type CompoundEntry, CompoundFile, isCompoundFile } from '../../documents/compound-file.ts';
import { msiName } from '../../documents/msi.ts';
import { packageName, readOle10Native } from '../../documents/ole-package.ts';
import { programsIn } from '../../documents/payload.ts';
import { readPptObjects } from '../../documents/ppt-objects.ts';
import { give, giveCutOff } from '../give.ts';
import type { ChildSink, Unpacker, UnpackReport } from '../unpacker.ts';

const LARGEST = 256 * 1024 ** 2;
const INSTALLER = /^8[46]100c0000000000c000000000000046$/;
/** Streams that are a whole file by themselves. */
const wholeFiles = /^(?:package|contents|embeddedodf|ole10native)$/i;

/** What compound files hold: packages, embedded documents, an installer's cabinets and binaries, programs. */
export const oleUnpacker: Unpacker = {
  name: 'ole',
  version: '1',
  opens: ({ type }) => ['ole', 'doc', 'xls', 'ppt', 'msi'].includes(type),
  unpack: (file, sink) => unpackCompound(file.bytes(), sink),
};

function unpackCompound(bytes: Uint8Array, sink: ChildSink): UnpackReport {
  const report: UnpackReport = { findings: [], incomplete: [] };
  let file: CompoundFile;
  try {
    file = new CompoundFile(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { findings: [], incomplete: [error.message] };
  }
  if (file.find('EncryptedPackage')) report.incomplete.push('The document is encrypted.');
  for (const stream of file.streams()) {
    if (INSTALLER.test(file.root.clsid)) unpackOfInstaller(file, stream, sink);
    else unpackStream(file, stream, sink, report);
  }
  report.incomplete.push(...file.problems);
  return report;
}

/** Tables begin with `!`, the summary with the character 5; everything else is a file: cabinets, libraries, scripts, pictures. */
function unpackOfInstaller(file: CompoundFile, stream: CompoundEntry, sink: ChildSink): void {
  const name = msiName(stream.name);
  const isSummary = name.startsWith('\x05');
  if (name.startsWith('!') || isSummary) return;
  give(sink, name, file.read(stream, LARGEST), offsetOf(file, stream));
}

function unpackStream(
  file: CompoundFile,
  stream: CompoundEntry,
  sink: ChildSink,
  report: UnpackReport,
): void {
  const { name, path } = stream;
  const content = file.read(stream, LARGEST);
  const details = offsetOf(file, stream);
  if (name === '\x01Ole10Native') {
    const found = readOle10Native(content);
    if (found.data.length === 0) return;
    if (found.cutOff) report.incomplete.push(`The embedded file "${packageName(found)}" is cut off.`);
    const put = found.cutOff ? giveCutOff : give;
    put(sink, packageName(found), found.data, { ...details, note: 'an embedded package' });
  } else if (wholeFiles.test(name) && content.length > 0) {
    give(sink, path, content, { ...details, note: 'an embedded object' });
  } else if (name === 'PowerPoint Document') unpackShow(content, sink, report);
  else unpackPrograms(content, path, sink);
}

function unpackShow(stream: Uint8Array, sink: ChildSink, report: UnpackReport): void {
  const { objects } = readPptObjects(stream);
  for (const [index, { content }] of objects.entries()) {
    const name = `object-${index + 1}.ole`;
    if (content && isCompoundFile(content)) give(sink, name, content, { note: 'an embedded object' });
    else if (!content) report.incomplete.push(`The embedded object ${index + 1} is damaged or too large.`);
  }
}

/** Where one program ends can't be said; what follows it comes along. */
function unpackPrograms(content: Uint8Array, path: string, sink: ChildSink): void {
  for (const at of programsIn(content)) {
    give(sink, `${path}-${at}.exe`, content.subarray(at), {
      note: `a program at byte ${at} of the stream "${path}"`,
    });
  }
}

function offsetOf(file: CompoundFile, stream: CompoundEntry): { offset?: number } {
  const offset = file.offsetOf(stream);
  return offset === undefined ? {} : { offset };
}
