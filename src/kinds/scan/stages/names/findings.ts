import type { FindingCatalogue } from '../../analysis/findings.ts';

/** Each is reported once a container, with the first names; what is common in ordinary archives is a note. */
export const nameFindingKinds = {
  'names.traversal': {
    title: 'A name leads out of the folder that the archive is unpacked to',
    score: 400,
    why: 'No packer writes such a name by itself; careless readers overwrite files elsewhere with it.',
    attack: 'T1204.002',
  },
  'names.absolute': {
    title: 'A name is an absolute path, or names a drive',
    score: 300,
    why: 'Packers take the root away; a reader that does not writes anywhere on the disk.',
    attack: 'T1204.002',
  },
  'names.absolute-in-backup': {
    title: 'Names are absolute paths in an archive format of backups',
    score: 20,
    why: '`cpio` and `tar -P` keep them when a whole system is packed.',
  },
  'names.backslash': {
    title: 'Names have backslashes between folders',
    score: 10,
    why: 'Old Windows packers write them; readers on other systems make one file of the whole path.',
  },
  'names.link-out': {
    title: 'A link leads out of the archive, to a place that an attacker wants read or written',
    score: 300,
    why: 'Served or followed after unpacking, it shows a file of the machine.',
    attack: 'T1204.002',
  },
  'names.link-absolute': {
    title: 'Links lead to absolute paths, or out of the archive',
    score: 20,
    why: 'Packages and images of whole systems are full of them.',
  },
  'names.through-link': {
    title: 'A file lies behind a link that leads out of the archive',
    score: 500,
    why: 'A reader that makes the link and follows it writes the file where the link leads.',
    attack: 'T1204.002',
  },
  'names.direction-override': {
    title: 'A name has characters that turn the direction of writing, so that its end looks like another',
    score: 400,
    why: 'Names in right-to-left scripts do without them: overriding the direction serves to hide an extension.',
    attack: 'T1036.002',
  },
  'names.double-extension': {
    title: "A program has a document's or picture's extension before its own",
    score: 400,
    why: 'Where known extensions are hidden, it looks like the document.',
    attack: 'T1036.007',
  },
  'names.padded-extension': {
    title: "A program's extension stands behind many blanks",
    score: 400,
    why: 'Columns are too narrow to show it; nobody types so many blanks.',
    attack: 'T1036.007',
  },
  'names.trailing-program': {
    title: "A program's name ends with blanks or dots",
    score: 300,
    why: 'Windows drops them, so that it runs; filters compare the extension with them.',
    attack: 'T1036.006',
  },
  'names.trailing': {
    title: 'Names end with blanks or dots',
    score: 10,
    why: 'Windows drops them; on other systems people use them.',
  },
  'names.file-and-folder': {
    title: 'A file and a folder have the same name but for a blank at its end',
    score: 500,
    why: 'WinRAR before 6.23 runs what is in the folder when the file is opened (CVE-2023-38831).',
    attack: 'T1203',
  },
  'names.control': {
    title: 'Names have control characters',
    score: 20,
    why: 'Terminals obey some of them; more often an encoding was taken for another.',
  },
  'names.terminal-escape': {
    title: 'A name has an escape sequence, or a zero byte',
    score: 300,
    why: 'Terminals obey the sequence when they list it; a zero byte ends the name for some readers and not for others.',
    attack: 'T1036',
  },
} as const satisfies FindingCatalogue;

export type NameFindingId = keyof typeof nameFindingKinds;
