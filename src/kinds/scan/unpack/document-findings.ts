import type { FindingCatalogue } from '../analysis/findings.ts';

/** What the containers of documents and mails give away by themselves; findings of the stage `unpack`. */
export const documentUnpackFindings: FindingCatalogue = {
  'mail.attachment-type-differs': {
    title: 'An attachment is declared as something that it is not',
    score: 500,
    why: 'Mail programs show the declared type; a program or script that is declared as a document is meant to deceive.',
    attack: 'T1036.008',
  },
  'mail.attachment-runs': {
    title: 'A program or script is attached to a mail',
    score: 300,
    why: 'Most mail systems refuse them; people send them in archives or by links.',
    attack: 'T1566.001',
  },
  'onenote.embedded-program': {
    title: 'A program is embedded in a notebook',
    score: 450,
    why: 'Notebooks carry pictures and documents; a program is there to be started by a double click.',
    attack: 'T1204.002',
  },
  'onenote.embedded-script': {
    title: 'A script or shortcut is embedded in a notebook',
    score: 450,
    why: 'Such files were put under pictures that look like a button, as malware by OneNote did in 2023.',
    attack: 'T1204.002',
  },
};
