import { isCompoundFile } from '../../documents/compound-file.ts';
import { packageName } from '../../documents/ole-package.ts';
import { readRtf } from '../../documents/rtf.ts';
import { contentOf, objectData } from '../../documents/rtf-objects.ts';
import { give, giveCutOff } from '../give.ts';
import type { ChildSink, Unpacker, UnpackReport } from '../unpacker.ts';

/** The objects of an RTF: a package gives its file, everything else what it holds. */
export const rtfUnpacker: Unpacker = {
  name: 'rtf',
  version: '1',
  opens: ({ type }) => type === 'rtf',
  unpack: (file, sink) => unpackRtf(file.bytes(), sink),
};

function unpackRtf(bytes: Uint8Array, sink: ChildSink): UnpackReport {
  const { objects, cutOff } = readRtf(bytes);
  const incomplete = cutOff ? ['The RTF is cut off: groups are still open at its end.'] : [];
  for (const [index, rtf] of objects.entries()) {
    const { object, packaged, content } = contentOf(objectData(rtf));
    if (content.length === 0) continue;
    const short = packaged?.cutOff || object?.cutOff;
    if (short) incomplete.push(`The object ${index + 1} is cut off.`);
    const other = isCompoundFile(content) ? `object-${index + 1}.ole` : `object-${index + 1}.bin`;
    const put = short ? giveCutOff : give;
    put(sink, packaged ? packageName(packaged) : other, content, {
      offset: rtf.offset,
      note: `an embedded object${object?.className ? ` of the class "${object.className}"` : ''}`,
    });
  }
  return { findings: [], incomplete };
}
