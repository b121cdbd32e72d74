import type { FindingCatalogue } from '../../analysis/findings.ts';

export const typeFindings = {
  'type.program-as-document': {
    title: 'A program is named or declared as a document or a picture',
    score: 500,
    why: 'Nobody names a program so by accident: it is meant to be opened, or let through.',
    attack: 'T1036.008',
  },
  'type.script-as-document': {
    title: 'A script or a shortcut is named or declared as a document or a picture',
    score: 400,
    why: 'Its host reads it whatever its name is; the name is for people and for filters.',
    attack: 'T1036.008',
  },
  'type.page-as-media': {
    title: 'A web page is named as a picture, a sound or a film',
    score: 100,
    why: 'Mostly an error page that was saved as what was asked for; a browser may still take it for a page.',
  },
  'type.media-as-script': {
    title: 'A picture or a document has a name that its host executes as a script',
    score: 100,
    why: 'A script host skips what it does not understand at the beginning; a wrong name is likelier.',
  },
  'type.other-name': {
    title: 'The name or the declared type is of another kind of file',
    score: 20,
    why: 'A JPEG called .png, or a document called .zip: common, and harmless by itself.',
  },
} as const satisfies FindingCatalogue;
