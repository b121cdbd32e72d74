import type { FindingCatalogue } from '../../analysis/findings.ts';

export const trailingFindings = {
  'trailing.program': {
    title: 'A program stands behind the end of a picture, a film or a document',
    score: 500,
    why: 'It shows as the picture, and whoever knows where cuts the program off it.',
    attack: 'T1027.009',
  },
  'trailing.archive': {
    title: 'An archive stands behind the end of a picture, a film or a document',
    score: 400,
    why: 'Unpackers find it there, viewers do not; it passes as a picture.',
    attack: 'T1027.009',
  },
  'trailing.script': {
    title: 'A script stands behind the end of a picture, a film or a document',
    score: 400,
    why: 'Hosts of scripts skip what they do not understand.',
    attack: 'T1027.009',
  },
  'trailing.page': {
    title: 'A web page stands behind the end of a picture or a film',
    score: 300,
    why: 'A browser, or mshta, that is shown the file as a page runs what is in it.',
    attack: 'T1027.009',
  },
  'trailing.document': {
    title: 'A document stands behind the end of a picture or a film',
    score: 300,
    why: 'No camera or program puts one there.',
    attack: 'T1027.009',
  },
  'trailing.behind-archive': {
    title: 'A program, an archive or a script stands behind the end of an archive',
    score: 300,
    why: 'Unpackers end before it; only who knows of it finds it.',
    attack: 'T1027.009',
  },
  'trailing.page-behind-document': {
    title: 'A web page stands behind the end of a document',
    score: 20,
    why: 'Web servers append such to what they send.',
  },
  'trailing.text': {
    title: 'Text stands behind the end of the file',
    score: 10,
    why: 'A line that some program left there.',
  },
  'trailing.data': {
    title: 'Something stands behind the end of the file',
    score: 20,
    why: 'Cameras and editors leave data of their own; what is hidden may be encrypted.',
  },
  'trailing.overlay': {
    title: 'A program has data behind its last section',
    score: 0,
    why: 'Installers and archives that unpack themselves have; what it is, is looked at by itself.',
  },
  'trailing.code-inside': {
    title: 'There is code of a web page or a server within a picture',
    score: 500,
    why: 'A server that includes the picture, or a browser that takes it for a page, runs it.',
    attack: 'T1027.009',
  },
  'trailing.markup-inside': {
    title: 'There is the markup of a page within a picture',
    score: 300,
    why: 'A browser that is shown the picture as a page shows the page; pictures have no use for it.',
    attack: 'T1027.009',
  },
  'trailing.script-polyglot': {
    title: 'A picture whose first bytes open a comment in JavaScript, and close it later',
    score: 400,
    why: 'It is valid both as a picture and as a script.',
    attack: 'T1027.009',
  },
  'trailing.zip-polyglot': {
    title: 'The file is a ZIP as well',
    score: 400,
    why: 'Who takes it for one reads contents that others do not see.',
    attack: 'T1027.009',
  },
  'trailing.archive-inside': {
    title: 'There is an archive within a picture or a film',
    score: 400,
    why: 'In data that viewers skip; unpackers that search for the mark find it.',
    attack: 'T1027.009',
  },
  'trailing.program-inside': {
    title: 'There is a program within a picture or a film',
    score: 400,
    why: 'In data that viewers skip, or behind the end of a format that says none.',
    attack: 'T1027.009',
  },
  'trailing.self-extracting': {
    title: 'A program or script that is an archive as well',
    score: 0,
    why: 'It unpacks itself; the archive is opened.',
  },
} as const satisfies FindingCatalogue;

export type TrailingFindingId = keyof typeof trailingFindings;
