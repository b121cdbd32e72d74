import type { FindingCatalogue } from '../../analysis/findings.ts';

export const pdfFindings: FindingCatalogue = {
  'pdf.open-action-script': {
    title: 'JavaScript runs when the document is opened',
    score: 400,
    why: 'Documents to be read need none; the functions of Acrobat that format fields are not counted.',
    attack: 'T1059.007',
  },
  'pdf.risky-script': {
    title: 'JavaScript uses what forms do not need',
    score: 350,
    why: 'Code made at run time, files that are written out, and functions known from exploits.',
    attack: 'T1203',
  },
  'pdf.script': {
    title: 'It has JavaScript',
    score: 50,
    why: 'Forms calculate with it; nothing in it runs by itself.',
    attack: 'T1059.007',
  },
  'pdf.launch-action': {
    title: 'An action starts a program',
    score: 500,
    why: 'Launch actions start a program or open a file with its arguments; documents to be read have none.',
    attack: 'T1204.002',
  },
  'pdf.remote-go-to': {
    title: 'An action opens a document on another machine',
    score: 400,
    why: 'A path to another machine makes Windows sign in there, which gives the password hash away.',
    attack: 'T1187',
  },
  'pdf.open-action-submits': {
    title: 'A form is sent or filled from elsewhere when the document is opened',
    score: 350,
    why: 'Forms are sent when a button is pressed; by itself it tells that, and where, the document was opened.',
    attack: 'T1187',
  },
  'pdf.submits-form': {
    title: 'A form is sent',
    score: 20,
    why: 'Forms with a button that sends them are ordinary.',
  },
  'pdf.open-action-link': {
    title: 'A page of the web is opened when the document is opened',
    score: 200,
    why: 'It asks first; documents to be read have links instead.',
    attack: 'T1204.001',
  },
  'pdf.link-runs': {
    title: 'A link starts a program or a script',
    score: 400,
    why: 'Ordinary links open pages and mails.',
    attack: 'T1204.001',
  },
  'pdf.embedded-program': {
    title: 'A program is attached',
    score: 500,
    why: 'Attachments of documents are tables and pictures; a program is there to be opened by deceit.',
    attack: 'T1204.002',
  },
  'pdf.embedded-script': {
    title: 'A script or shortcut is attached',
    score: 450,
    why: 'Such files are there to be opened by deceit.',
    attack: 'T1204.002',
  },
  'pdf.attachment': {
    title: 'It has attachments',
    score: 20,
    why: 'Invoices carry their data so; attachments are looked at as children.',
  },
  'pdf.rich-media': {
    title: 'It plays film, sound or three-dimensional contents',
    score: 50,
    why: 'These parts of readers were often taken over; documents hardly use them.',
  },
  'pdf.xfa-script': {
    title: 'A form in XFA has scripts',
    score: 50,
    why: 'Forms in XFA calculate and check with them.',
    attack: 'T1059.007',
  },
};
