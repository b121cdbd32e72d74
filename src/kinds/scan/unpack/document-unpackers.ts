import { emlUnpacker } from './mail/eml-unpacker.ts';
import { msgUnpacker } from './mail/msg-unpacker.ts';
import { oleUnpacker } from './ole/ole-unpacker.ts';
import { oneNoteUnpacker } from './onenote/onenote-unpacker.ts';
import { pdfUnpacker } from './pdf/pdf-unpacker.ts';
import { rtfUnpacker } from './rtf/rtf-unpacker.ts';
import type { Unpacker } from './unpacker.ts';

/** What opens documents and mails; archives have unpackers of their own. */
export const documentUnpackers: readonly Unpacker[] = [
  oleUnpacker,
  rtfUnpacker,
  pdfUnpacker,
  oneNoteUnpacker,
  msgUnpacker,
  emlUnpacker,
];
