import type { StageFinding } from '../../analysis/findings.ts';
import { FileTooLarge, type FileType, type ScannedFile } from '../../analysis/stage.ts';
import { payloadsIn } from '../../text/payloads.ts';
import { readText } from '../../text/read-text.ts';
import { giveCutOff, give as giveWhole } from '../give.ts';
import { uuencodedFiles } from '../mail/uuencode.ts';
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

/** Files in text that are not decoded. */
const notDecoded: readonly (readonly [string, RegExp])[] = [
  ['BinHex', /^\(This file must be converted with BinHex/m],
  ['yEnc', /^=ybegin (?:part=\d+ )?(?:total=\d+ )?line=\d/m],
  ['xxencode', /^begin [0-7]{3,4} .{1,500}\r?\nh[\w+-]{60}\r?$/m],
  ['Ascii85', /^<~[!-u\s]{20,}/m],
];
const sayNot = (name: string) => `It holds a file that is encoded by ${name}, which is not decoded.`;

const programs: ReadonlySet<FileType> = new Set(['pe', 'elf', 'macho', 'class', 'dex']);
const MAX_FINDINGS = 20;

/** What stands in text as base64, as hexadecimal or as numbers, and is a file of its own. */
export const payloadUnpacker: Unpacker = {
  name: 'payload',
  version: '2',
  opens: ({ type }) => texts.has(type),
  async unpack(file, sink) {
    const { bytes, incomplete } = textOf(file);
    const findings: StageFinding[] = [];
    const { text, offsetOf } = readText(bytes);
    incomplete.push(...notDecoded.filter(([, mark]) => mark.test(text)).map(([name]) => sayNot(name)));
    await untilLimit(async () => {
      await give(text, offsetOf, sink, findings);
      for (const { name, content, cutOff } of uuencodedFiles(text)) {
        const giveIt = cutOff ? giveCutOff : giveWhole;
        giveIt(sink, name, content, { note: 'It was in the text, as uuencode.' });
      }
    });
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

async function give(
  text: string,
  offsetOf: (index: number) => number,
  sink: ChildSink,
  findings: StageFinding[],
): Promise<void> {
  let count = 0;
  for await (const payload of payloadsIn(text)) {
    count++;
    const offset = offsetOf(payload.from);
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
