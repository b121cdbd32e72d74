import { PdfDocument } from '../../documents/pdf/document.ts';
import { surveyPdf } from '../../documents/pdf/survey.ts';
import { PdfName } from '../../documents/pdf/values.ts';
import { give, giveCutOff } from '../give.ts';
import type { ChildSink, Unpacker, UnpackReport } from '../unpacker.ts';

const LARGEST = 256 * 1024 ** 2;

/** The attachments of a PDF, from its name tree, its annotations or anywhere else. */
export const pdfUnpacker: Unpacker = {
  name: 'pdf',
  version: '1',
  opens: ({ type }) => type === 'pdf',
  unpack: (file, sink, passwords) => unpackPdf(file.bytes(), sink, passwords),
};

function unpackPdf(bytes: Uint8Array, sink: ChildSink, passwords: readonly string[]): UnpackReport {
  const document = new PdfDocument(bytes, passwords);
  const incomplete = document.locked ? ['The document is encrypted, and needs a password.'] : [];
  const { files } = surveyPdf(document);
  if (document.locked) return { findings: [], incomplete };
  for (const [index, { name, stream, offset }] of files.entries()) {
    const shown = name || `attachment-${index + 1}`;
    const content = document.contentOf(stream, LARGEST);
    if (!content) {
      incomplete.push(`The attachment "${shown}" is damaged or too large.`);
      continue;
    }
    const declared = document.resolve(stream.dict.get('Subtype'));
    const put = stream.cutOff ? giveCutOff : give;
    put(sink, shown, content, {
      note: 'an attachment',
      ...(declared instanceof PdfName && { declaredType: declared.name }),
      ...(offset !== undefined && { offset }),
    });
  }
  return { findings: [], incomplete, ...(document.password && { password: document.password }) };
}
