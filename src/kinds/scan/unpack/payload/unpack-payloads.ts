import type { FileType, ScannedFile } from '../../analysis/stage.ts';
import { payloadsIn } from '../../text/payloads.ts';
import { readText } from '../../text/read-text.ts';
import type { ChildSink, Unpacker, UnpackReport } from '../unpacker.ts';

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
  'text',
]);

/** Text of more is read in part. */
const MAX_TEXT = 64 * 1024 ** 2;

/** What stands in text as base64, as hexadecimal or as numbers, and is a file of its own. */
export const payloadUnpacker: Unpacker = {
  name: 'payload',
  version: '1',
  opens: ({ type }) => texts.has(type),
  async unpack(file, sink) {
    const bytes = file.size <= MAX_TEXT ? file.bytes() : file.read(0, MAX_TEXT);
    await give(bytes, sink);
    return reportOf(file);
  },
};

async function give(bytes: Uint8Array, sink: ChildSink): Promise<void> {
  const read = readText(bytes);
  let count = 0;
  for await (const payload of payloadsIn(read.text)) {
    count++;
    const child = sink.open(`payload-${count}`, {
      offset: read.offsetOf(payload.from),
      note: `It was in the text, as ${payload.kind}.`,
    });
    child.write(payload.bytes);
    child.end();
  }
}

function reportOf(file: ScannedFile): UnpackReport {
  if (file.size <= MAX_TEXT || file.type === 'text' || file.type === 'xml')
    return { findings: [], incomplete: [] };
  return {
    findings: [],
    incomplete: [`Of ${file.size} bytes of text, the first ${MAX_TEXT} were searched for files.`],
  };
}
