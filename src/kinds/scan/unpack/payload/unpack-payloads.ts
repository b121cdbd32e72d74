import type { StageFinding } from '../../analysis/findings.ts';
import { FileTooLarge, type FileType, type ScannedFile } from '../../analysis/stage.ts';
import { payloadsIn } from '../../text/payloads.ts';
import { readText } from '../../text/read-text.ts';
import type { ChildSink, Unpacker } from '../unpacker.ts';
import { untilLimit } from '../until-limit.ts';
import type { PayloadFindingId } from './findings.ts';

/** Text in which something may stand encoded. Mail is not among it: its parts are unpacked as such. */
const texts: ReadonlySet<FileType> = new Set([
  'js',
  'vbs',
  'wsf',
  'hta',
  'sct',
  'powershell',
  'batch',
  'shell',
  'php',
  'python',
  'html',
  'svg',
  'xml',
  'csv',
  'text',
]);

const programs: ReadonlySet<FileType> = new Set(['pe', 'elf', 'macho', 'class', 'dex']);
const MAX_FINDINGS = 20;

/** What stands in text as base64, as hexadecimal or as numbers, and is a file of its own. */
export const payloadUnpacker: Unpacker = {
  name: 'payload',
  version: '1',
  opens: ({ type }) => texts.has(type),
  async unpack(file, sink) {
    const { bytes, incomplete } = textOf(file);
    const findings: StageFinding[] = [];
    await untilLimit(() => give(bytes, sink, findings));
    return { findings, incomplete };
  },
};

/** All of it, or as much of the beginning as may be in memory. */
function textOf(file: ScannedFile): { bytes: Uint8Array; incomplete: string[] } {
  try {
    return { bytes: file.bytes(), incomplete: [] };
  } catch (error) {
    if (!(error instanceof FileTooLarge)) throw error;
    const { limit } = error;
    const reason = `Of ${file.size} bytes of text, the first ${limit} were searched for files.`;
    return { bytes: file.read(0, limit), incomplete: [reason] };
  }
}

async function give(bytes: Uint8Array, sink: ChildSink, findings: StageFinding[]): Promise<void> {
  const read = readText(bytes);
  let count = 0;
  for await (const payload of payloadsIn(read.text)) {
    count++;
    const offset = read.offsetOf(payload.from);
    if (programs.has(payload.type) && findings.length < MAX_FINDINGS) {
      const id: PayloadFindingId = 'payload.program-encoded';
      findings.push({ id, offset, evidence: `${payload.type}, as ${payload.kind}` });
    }
    const child = sink.open(`payload-${count}`, {
      offset,
      note: `It was in the text, as ${payload.kind}.`,
    });
    child.write(payload.bytes);
    child.end();
  }
}
