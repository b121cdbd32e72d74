import { ByteSink } from '../../documents/byte-sink.ts';
import { viewOf } from '../../documents/bytes.ts';

/** What every compressor and reader begins with (MS-OXRTFCP 2.1.2.1). */
const beginning =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx';
const COMPRESSED = 0x75465a4c;
const STORED = 0x414c454d;
const WINDOW = 4096;

/** The body of a message in RTF, as Outlook packs it; null where it is not packed so. */
export function decompressRtf(bytes: Uint8Array, limit: number): Uint8Array | null {
  if (bytes.length < 16) return null;
  const kind = viewOf(bytes).getUint32(8, true);
  if (kind === STORED) return bytes.subarray(16);
  if (kind !== COMPRESSED) return null;
  const window = new Uint8Array(WINDOW);
  window.set(Buffer.from(beginning, 'latin1'));
  let write = beginning.length;
  const sink = new ByteSink();
  const put = (byte: number) => {
    sink.push(byte);
    window[write] = byte;
    write = (write + 1) % WINDOW;
  };
  for (let at = 16; at < bytes.length; ) {
    const flags = bytes[at++] as number;
    for (let bit = 0; bit < 8 && at < bytes.length; bit++) {
      if (((flags >> bit) & 1) === 0) {
        put(bytes[at++] as number);
        continue;
      }
      const token = ((bytes[at] as number) << 8) | (bytes[at + 1] ?? 0);
      at += 2;
      const from = token >> 4;
      // A token that points to where is written ends the text.
      if (from === write || sink.length > limit) return sink.bytes;
      const length = (token & 0xf) + 2;
      for (let index = 0; index < length; index++) put(window[(from + index) % WINDOW] as number);
    }
  }
  return sink.bytes;
}
